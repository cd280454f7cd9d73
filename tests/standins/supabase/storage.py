"""Buckets, and objects as they are sent and fetched."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.standins.supabase.gateway import Gateway
from tests.standins.supabase.project_state import (
    KEY_OK,
    Bucket,
    StorageError,
    StoredObject,
    no_bucket,
    no_key,
    refused,
)


class Storage(Gateway):
    """The Storage service."""

    def _role(self, request: Request) -> str:
        if not request.state.bearer:
            raise StorageError(
                "400",
                "Error",
                "headers must have required property 'authorization'",
                "InvalidRequest",
            )
        try:
            return self.decode(request.state.bearer).get("role", "anon")
        except jwt.ExpiredSignatureError:
            raise StorageError(
                "403", "Unauthorized", '"exp" claim timestamp check failed', "AccessDenied"
            ) from None
        except (jwt.PyJWTError, ValueError) as error:
            raise StorageError(
                "403",
                "Unauthorized",
                "JWS Protected Header is invalid"
                if "header" in str(error).lower()
                else "signature verification failed",
                "AccessDenied",
            ) from None

    def _bucket(self, bucket_id: str) -> Bucket:
        if bucket_id not in self.buckets:
            raise no_bucket()
        return self.buckets[bucket_id]

    def _obj(self, bucket_id: str, key: str) -> StoredObject:
        file = self._bucket(bucket_id).objects.get(key)
        if not file:
            raise no_key()
        return file

    async def buckets_(self, request):
        is_service = self._role(request) == "service_role"
        if request.method == "GET":
            return JSONResponse(
                [{**bucket.json(), "type": "STANDARD"} for bucket in self.buckets.values()]
                if is_service
                else []
            )
        body = await request.json()
        if not is_service:
            raise refused()
        bucket_id = body.get("id") or body["name"]
        if bucket_id in self.buckets:
            raise StorageError(
                "409", "Duplicate", "The resource already exists", "BucketAlreadyExists"
            )
        self.buckets[bucket_id] = Bucket(
            bucket_id,
            bool(body.get("public")),
            body.get("file_size_limit"),
            body.get("allowed_mime_types"),
        )
        return JSONResponse({"name": bucket_id})

    async def bucket(self, request):
        is_service = self._role(request) == "service_role"
        bucket = (
            self._bucket(request.path_params["bucket"])
            if is_service
            else (_ for _ in ()).throw(no_bucket())
        )
        if request.method == "PUT":
            body = await request.json()
            bucket.public = bool(body.get("public", bucket.public))
            bucket.file_size_limit = body.get("file_size_limit", bucket.file_size_limit)
            bucket.allowed_mime_types = body.get("allowed_mime_types", bucket.allowed_mime_types)
            return JSONResponse({"message": "Successfully updated"})
        if request.method == "DELETE":
            if bucket.objects:
                raise StorageError(
                    "409",
                    "ResourceNotEmpty",
                    "The bucket you tried to delete is not empty",
                    "ResourceNotEmpty",
                )
            del self.buckets[bucket.id]
            return JSONResponse({"message": "Successfully deleted"})
        return JSONResponse(bucket.json())

    async def empty(self, request):
        if self._role(request) != "service_role":
            raise no_bucket()
        self._bucket(request.path_params["bucket"]).objects.clear()
        return JSONResponse(
            {"message": "Empty bucket has been queued. Completion may take up to an hour."}
        )

    async def _put(self, request: Request, bucket_id: str, key: str, *, upsert: bool) -> Response:
        bucket = self._bucket(bucket_id)
        if not KEY_OK.match(key):
            raise StorageError("400", "InvalidKey", f"Invalid key: {key}", "InvalidKey")
        content_type = request.headers.get("content-type", "application/octet-stream")
        meta = None
        if content_type.startswith("multipart/form-data"):
            async with request.form(max_part_size=1 << 20) as form:
                part = next(field for field in form.values() if hasattr(field, "read"))
                data, mime = await part.read(), part.content_type or "application/octet-stream"
                cache_control = form.get("cacheControl")
                cache = f"max-age={cache_control}" if cache_control else "no-cache"
                meta = json.loads(form["metadata"]) if form.get("metadata") else None
        else:
            data, mime = await request.body(), content_type
            cache = request.headers.get("cache-control") or "no-cache"
        if bucket.allowed_mime_types and mime.split(";")[0] not in bucket.allowed_mime_types:
            raise StorageError(
                "415", "invalid_mime_type", f"mime type {mime} is not supported", "InvalidMimeType"
            )
        if bucket.file_size_limit is not None and len(data) > bucket.file_size_limit:
            raise StorageError(
                "413",
                "Payload too large",
                "The object exceeded the maximum allowed size",
                "EntityTooLarge",
            )
        old_file = bucket.objects.get(key)
        if old_file and not upsert:
            raise StorageError(
                "409", "Duplicate", "The resource already exists", "KeyAlreadyExists"
            )
        file = StoredObject(data, mime, cache, meta=meta)
        if old_file:
            file.id, file.created_at = old_file.id, old_file.created_at
        bucket.objects[key] = file
        return JSONResponse({"Key": f"{bucket_id}/{key}", "Id": file.id})

    def _send(self, request: Request, file: StoredObject, *, cache: bool = True) -> Response:
        headers = {
            "content-type": file.mime,
            "accept-ranges": "bytes",
            "etag": file.etag,
            "last-modified": file.last_modified.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        }
        if cache:
            headers["cache-control"] = file.cache
        if request.headers.get("if-none-match") == file.etag:
            return Response(status_code=304, headers=headers)
        if "download" in request.query_params:
            name = request.query_params["download"]
            headers["content-disposition"] = "attachment" + (
                f"; filename={quote(name)}; filename*=UTF-8''{quote(name)}" if name else ""
            )
        body, status, size = file.data, 200, len(file.data)
        range_header = request.headers.get("range")
        if range_header:
            match = re.fullmatch(r"bytes=(\d*)-(\d*)", range_header)
            first, last = match.groups() if match else ("", "")
            if not match or (first == "" and last == ""):
                raise StorageError(
                    "416", "invalid_range", "invalid range provided", "InvalidRange", 416
                )
            start, end = (
                (max(size - int(last), 0), size - 1)
                if first == ""
                else (int(first), min(int(last), size - 1) if last else size - 1)
            )
            if start >= size or start > end:
                raise StorageError(
                    "416", "invalid_range", "invalid range provided", "InvalidRange", 416
                )
            body, status = body[start : end + 1], 206
            headers["content-range"] = f"bytes {start}-{end}/{size}"
        headers["content-length"] = str(len(body))
        return Response(b"" if request.method == "HEAD" else body, status, headers)

    async def object(self, request):
        bucket_id, key = request.path_params["bucket"], request.path_params["key"]
        anonymous = not request.state.bearer
        if request.method in ("GET", "HEAD") and not anonymous:
            try:
                self.decode(request.state.bearer)
            except jwt.InvalidTokenError:  # the real route falls back to "is this bucket public?"
                anonymous = True
        if request.method in ("GET", "HEAD") and anonymous:
            bucket = self.buckets.get(bucket_id)
            if not bucket or not bucket.public:
                raise no_bucket()
            return self._send(request, self._obj(bucket_id, key))
        is_service = self._role(request) == "service_role"
        if request.method in ("GET", "HEAD"):
            if not is_service:
                raise no_key()
            return self._send(request, self._obj(bucket_id, key))
        if request.method == "DELETE":
            if not is_service:
                raise no_key()
            self._obj(bucket_id, key)
            del self.buckets[bucket_id].objects[key]
            return JSONResponse({"message": "Successfully deleted"})
        if not is_service:
            self._bucket(bucket_id)
            raise refused()
        return await self._put(
            request,
            bucket_id,
            key,
            upsert=request.method == "PUT" or request.headers.get("x-upsert") == "true",
        )

    async def public(self, request):
        bucket = self.buckets.get(request.path_params["bucket"])
        if not bucket or not bucket.public:
            raise no_bucket()
        return self._send(request, self._obj(bucket.id, request.path_params["key"]))

    async def info(self, request):
        bucket_id, key = request.path_params["bucket"], request.path_params["key"]
        if self._role(request) != "service_role":
            raise no_key()
        file = self._obj(bucket_id, key)
        return JSONResponse(
            {
                "id": file.id,
                "name": key,
                "version": file.version,
                "bucket_id": bucket_id,
                "size": len(file.data),
                "content_type": file.mime,
                "cache_control": file.cache,
                "etag": file.etag,
                "metadata": file.meta or {},
                "last_modified": file.system()["lastModified"],
                "created_at": file.created_at,
            },
            headers={
                "etag": file.etag,
                "cache-control": file.cache,
                "last-modified": file.last_modified.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            },
        )
