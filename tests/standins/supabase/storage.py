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
    Obj,
    StorageErr,
    no_bucket,
    no_key,
    refused,
)


class Storage(Gateway):
    """The Storage service."""

    def _role(self, r: Request) -> str:
        if not r.state.bearer:
            raise StorageErr(
                "400",
                "Error",
                "headers must have required property 'authorization'",
                "InvalidRequest",
            )
        try:
            return self.decode(r.state.bearer).get("role", "anon")
        except jwt.ExpiredSignatureError:
            raise StorageErr(
                "403", "Unauthorized", '"exp" claim timestamp check failed', "AccessDenied"
            ) from None
        except (jwt.PyJWTError, ValueError) as e:
            raise StorageErr(
                "403",
                "Unauthorized",
                "JWS Protected Header is invalid"
                if "header" in str(e).lower()
                else "signature verification failed",
                "AccessDenied",
            ) from None

    def _bucket(self, b: str) -> Bucket:
        if b not in self.buckets:
            raise no_bucket()
        return self.buckets[b]

    def _obj(self, b: str, key: str) -> Obj:
        o = self._bucket(b).objects.get(key)
        if not o:
            raise no_key()
        return o

    async def buckets_(self, r):
        svc = self._role(r) == "service_role"
        if r.method == "GET":
            return JSONResponse(
                [{**b.json(), "type": "STANDARD"} for b in self.buckets.values()] if svc else []
            )
        d = await r.json()
        if not svc:
            raise refused()
        bid = d.get("id") or d["name"]
        if bid in self.buckets:
            raise StorageErr(
                "409", "Duplicate", "The resource already exists", "BucketAlreadyExists"
            )
        self.buckets[bid] = Bucket(
            bid, bool(d.get("public")), d.get("file_size_limit"), d.get("allowed_mime_types")
        )
        return JSONResponse({"name": bid})

    async def bucket(self, r):
        svc = self._role(r) == "service_role"
        b = self._bucket(r.path_params["bucket"]) if svc else (_ for _ in ()).throw(no_bucket())
        if r.method == "PUT":
            d = await r.json()
            b.public = bool(d.get("public", b.public))
            b.file_size_limit = d.get("file_size_limit", b.file_size_limit)
            b.allowed_mime_types = d.get("allowed_mime_types", b.allowed_mime_types)
            return JSONResponse({"message": "Successfully updated"})
        if r.method == "DELETE":
            if b.objects:
                raise StorageErr(
                    "409",
                    "ResourceNotEmpty",
                    "The bucket you tried to delete is not empty",
                    "ResourceNotEmpty",
                )
            del self.buckets[b.id]
            return JSONResponse({"message": "Successfully deleted"})
        return JSONResponse(b.json())

    async def empty(self, r):
        if self._role(r) != "service_role":
            raise no_bucket()
        self._bucket(r.path_params["bucket"]).objects.clear()
        return JSONResponse(
            {"message": "Empty bucket has been queued. Completion may take up to an hour."}
        )

    async def _put(self, r: Request, bid: str, key: str, *, upsert: bool) -> Response:
        b = self._bucket(bid)
        if not KEY_OK.match(key):
            raise StorageErr("400", "InvalidKey", f"Invalid key: {key}", "InvalidKey")
        ct = r.headers.get("content-type", "application/octet-stream")
        meta = None
        if ct.startswith("multipart/form-data"):
            async with r.form(max_part_size=1 << 20) as form:
                f = next(v for v in form.values() if hasattr(v, "read"))
                data, mime = await f.read(), f.content_type or "application/octet-stream"
                cc = form.get("cacheControl")
                cache = f"max-age={cc}" if cc else "no-cache"
                meta = json.loads(form["metadata"]) if form.get("metadata") else None
        else:
            data, mime = await r.body(), ct
            cache = r.headers.get("cache-control") or "no-cache"
        if b.allowed_mime_types and mime.split(";")[0] not in b.allowed_mime_types:
            raise StorageErr(
                "415", "invalid_mime_type", f"mime type {mime} is not supported", "InvalidMimeType"
            )
        if b.file_size_limit is not None and len(data) > b.file_size_limit:
            raise StorageErr(
                "413",
                "Payload too large",
                "The object exceeded the maximum allowed size",
                "EntityTooLarge",
            )
        old = b.objects.get(key)
        if old and not upsert:
            raise StorageErr("409", "Duplicate", "The resource already exists", "KeyAlreadyExists")
        o = Obj(data, mime, cache, meta=meta)
        if old:
            o.id, o.created_at = old.id, old.created_at
        b.objects[key] = o
        return JSONResponse({"Key": f"{bid}/{key}", "Id": o.id})

    def _send(self, r: Request, o: Obj, *, cache: bool = True) -> Response:
        h = {
            "content-type": o.mime,
            "accept-ranges": "bytes",
            "etag": o.etag,
            "last-modified": o.last_modified.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        }
        if cache:
            h["cache-control"] = o.cache
        if r.headers.get("if-none-match") == o.etag:
            return Response(status_code=304, headers=h)
        if "download" in r.query_params:
            n = r.query_params["download"]
            h["content-disposition"] = "attachment" + (
                f"; filename={quote(n)}; filename*=UTF-8''{quote(n)}" if n else ""
            )
        body, status, n = o.data, 200, len(o.data)
        rng = r.headers.get("range")
        if rng:
            m = re.fullmatch(r"bytes=(\d*)-(\d*)", rng)
            a, z = m.groups() if m else ("", "")
            if not m or (a == "" and z == ""):
                raise StorageErr(
                    "416", "invalid_range", "invalid range provided", "InvalidRange", 416
                )
            start, end = (
                (max(n - int(z), 0), n - 1)
                if a == ""
                else (int(a), min(int(z), n - 1) if z else n - 1)
            )
            if start >= n or start > end:
                raise StorageErr(
                    "416", "invalid_range", "invalid range provided", "InvalidRange", 416
                )
            body, status = body[start : end + 1], 206
            h["content-range"] = f"bytes {start}-{end}/{n}"
        h["content-length"] = str(len(body))
        return Response(b"" if r.method == "HEAD" else body, status, h)

    async def object(self, r):
        bid, key = r.path_params["bucket"], r.path_params["key"]
        anonymous = not r.state.bearer
        if r.method in ("GET", "HEAD") and not anonymous:
            try:
                self.decode(r.state.bearer)
            except jwt.InvalidTokenError:  # the real route falls back to "is this bucket public?"
                anonymous = True
        if r.method in ("GET", "HEAD") and anonymous:
            b = self.buckets.get(bid)
            if not b or not b.public:
                raise no_bucket()
            return self._send(r, self._obj(bid, key))
        svc = self._role(r) == "service_role"
        if r.method in ("GET", "HEAD"):
            if not svc:
                raise no_key()
            return self._send(r, self._obj(bid, key))
        if r.method == "DELETE":
            if not svc:
                raise no_key()
            self._obj(bid, key)
            del self.buckets[bid].objects[key]
            return JSONResponse({"message": "Successfully deleted"})
        if not svc:
            self._bucket(bid)
            raise refused()
        return await self._put(
            r, bid, key, upsert=r.method == "PUT" or r.headers.get("x-upsert") == "true"
        )

    async def public(self, r):
        b = self.buckets.get(r.path_params["bucket"])
        if not b or not b.public:
            raise no_bucket()
        return self._send(r, self._obj(b.id, r.path_params["key"]))

    async def info(self, r):
        bid, key = r.path_params["bucket"], r.path_params["key"]
        if self._role(r) != "service_role":
            raise no_key()
        o = self._obj(bid, key)
        return JSONResponse(
            {
                "id": o.id,
                "name": key,
                "version": o.version,
                "bucket_id": bid,
                "size": len(o.data),
                "content_type": o.mime,
                "cache_control": o.cache,
                "etag": o.etag,
                "metadata": o.meta or {},
                "last_modified": o.system()["lastModified"],
                "created_at": o.created_at,
            },
            headers={
                "etag": o.etag,
                "cache-control": o.cache,
                "last-modified": o.last_modified.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            },
        )
