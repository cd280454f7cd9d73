"""URLs that are valid for a while; listing, removing and moving objects."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse

from tests.standins.supabase.project_state import (
    StorageError,
    StoredObject,
    no_key,
    refused,
)
from tests.standins.supabase.storage import Storage


class SignedUrls(Storage):
    """The rest of the Storage service."""

    def _sign(self, bucket_id: str, key: str, ttl: int, **more) -> str:
        now = int(time.time())
        return jwt.encode(
            {"url": f"{bucket_id}/{key}", **more, "iat": now, "exp": now + ttl},
            self.url_secret,
            "HS256",
            headers={"kid": "storage-url-signing-key"},
        )

    def _signed_path(self, bucket_id: str, key: str, ttl: int) -> str:
        return f"/object/sign/{bucket_id}/{quote(key)}?token={self._sign(bucket_id, key, ttl)}"

    async def sign(self, request):
        is_service = self._role(request) == "service_role"
        bucket_id, key = request.path_params["bucket"], request.path_params.get("key")
        body = json.loads(await request.body() or b"{}")
        if "expiresIn" not in body:
            raise StorageError(
                "400", "Error", "body must have required property 'expiresIn'", "InvalidRequest"
            )
        ttl = int(body["expiresIn"])
        if key:
            if not is_service:
                raise no_key()
            self._obj(bucket_id, key)
            return JSONResponse({"signedURL": self._signed_path(bucket_id, key, ttl)})
        urls = []
        for path in body.get("paths", []):
            is_readable = (
                is_service and bucket_id in self.buckets and path in self.buckets[bucket_id].objects
            )
            urls.append(
                {
                    "error": None
                    if is_readable
                    else "Either the object does not exist or you do not have access to it",
                    "path": path,
                    "signedURL": self._signed_path(bucket_id, path, ttl) if is_readable else None,
                }
            )
        return JSONResponse(urls)

    def _verify_url(self, request: Request, purpose: str) -> dict:
        token = request.query_params.get("token")
        if not token:
            raise StorageError(
                "400", "Error", "querystring must have required property 'token'", "InvalidRequest"
            )
        try:
            claims = jwt.decode(token, self.url_secret, ["HS256"])
        except jwt.ExpiredSignatureError:
            raise StorageError(
                "400", "InvalidJWT", '"exp" claim timestamp check failed', "InvalidJWT"
            ) from None
        except jwt.InvalidTokenError:
            raise StorageError(
                "400", "InvalidJWT", "signature verification failed", "InvalidJWT"
            ) from None
        if bool(claims.get("upload")) != (purpose == "upload"):
            raise StorageError(
                "400", "InvalidSignature", f"Token is not scoped for {purpose}", "InvalidSignature"
            )
        if claims["url"] != f"{request.path_params['bucket']}/{request.path_params['key']}":
            raise StorageError("400", "InvalidSignature", "Invalid signature", "InvalidSignature")
        return claims

    async def signed(self, request):
        self._verify_url(request, "download")
        return self._send(
            request,
            self._obj(request.path_params["bucket"], request.path_params["key"]),
            cache=False,
        )

    async def upload_sign(self, request):
        bucket_id, key = request.path_params["bucket"], request.path_params["key"]
        if request.method == "PUT":
            claims = self._verify_url(request, "upload")
            upload = json.loads(
                (await self._put(request, bucket_id, key, upsert=bool(claims.get("upsert")))).body
            )
            return JSONResponse({"Key": upload["Key"]})
        if self._role(request) != "service_role":
            raise refused()
        upsert = request.headers.get("x-upsert") == "true"
        if key in self._bucket(bucket_id).objects and not upsert:
            raise StorageError(
                "409", "Duplicate", "The resource already exists", "KeyAlreadyExists"
            )
        token = self._sign(bucket_id, key, 7200, upload=True, upsert=upsert)
        return JSONResponse(
            {"url": f"/object/upload/sign/{bucket_id}/{quote(key)}?token={token}", "token": token}
        )

    async def list_(self, request):
        is_service = self._role(request) == "service_role"
        bucket = self.buckets.get(request.path_params["bucket"])
        body = await request.json()
        if not bucket or not is_service:
            return JSONResponse([])
        prefix = body.get("prefix", "")
        prefix = prefix + "/" if prefix and not prefix.endswith("/") else prefix
        folders, file_rows = set(), []
        for key, file in bucket.objects.items():
            if not key.startswith(prefix) or (body.get("search") or "") not in key[len(prefix) :]:
                continue
            name = key[len(prefix) :]
            if "/" in name:
                folders.add(name.split("/")[0])
            else:
                file_rows.append(
                    {
                        "name": name,
                        "id": file.id,
                        "updated_at": file.updated_at,
                        "created_at": file.created_at,
                        "last_accessed_at": file.created_at,
                        "metadata": file.system(),
                    }
                )
        order = body.get("sortBy") or {}
        is_descending = order.get("order") == "desc"
        column = order.get("column") or "name"
        folder_rows = [
            {
                "name": entry,
                "id": None,
                "updated_at": None,
                "created_at": None,
                "last_accessed_at": None,
                "metadata": None,
            }
            for entry in folders
        ]
        if column == "name":  # the real server interleaves folders and files when sorting by name
            rows = sorted(
                folder_rows + file_rows, key=lambda entry: entry["name"], reverse=is_descending
            )
        else:
            rows = sorted(
                folder_rows, key=lambda entry: entry["name"], reverse=is_descending
            ) + sorted(file_rows, key=lambda entry: entry[column], reverse=is_descending)
        offset = int(body.get("offset") or 0)
        return JSONResponse(rows[offset : offset + int(body.get("limit") or 100)])

    def _row(self, bucket_id: str, key: str, file: StoredObject) -> dict:
        return {
            "name": key,
            "bucket_id": bucket_id,
            "owner": "",
            "owner_id": "",
            "version": file.version,
            "id": file.id,
            "updated_at": file.updated_at,
            "created_at": file.created_at,
            "last_accessed_at": file.created_at,
            "metadata": file.system(),
            "user_metadata": file.meta or {},
        }

    async def remove(self, request):
        is_service = self._role(request) == "service_role"
        bucket_id = request.path_params["bucket"]
        body = await request.json()
        bucket = self.buckets.get(bucket_id)
        keys = body.get("prefixes", []) if bucket and is_service else []
        rows = [
            self._row(bucket_id, key, bucket.objects.pop(key))
            for key in keys
            if key in bucket.objects
        ]
        return JSONResponse(rows)

    async def move_copy(self, request):
        if self._role(request) != "service_role":
            raise no_key()
        body = await request.json()
        source_key, target_key = body["sourceKey"], body["destinationKey"]
        file = self._obj(body["bucketId"], source_key)
        target_bucket = self._bucket(body.get("destinationBucket") or body["bucketId"])
        if target_key in target_bucket.objects:
            raise StorageError(
                "409", "Duplicate", "The resource already exists", "KeyAlreadyExists"
            )
        if request.url.path.endswith("/move"):
            target_bucket.objects[target_key] = self.buckets[body["bucketId"]].objects.pop(
                source_key
            )
            return JSONResponse({"message": "Successfully moved"})
        target_bucket.objects[target_key] = StoredObject(
            file.data, file.mime, file.cache, meta=file.meta
        )
        return JSONResponse(
            {
                "Key": f"{target_bucket.id}/{target_key}",
                "Id": target_bucket.objects[target_key].id,
                **self._row(target_bucket.id, target_key, target_bucket.objects[target_key]),
            }
        )
