"""Addresses that open for a while, lists, removal and moves."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse

from tests.standins.supabase.project_state import (
    Obj,
    StorageErr,
    no_key,
    refused,
)
from tests.standins.supabase.storage import Storage


class Signed(Storage):
    """The rest of the Storage service."""

    def _sign(self, bid: str, key: str, ttl: int, **more) -> str:
        t = int(time.time())
        return jwt.encode(
            {"url": f"{bid}/{key}", **more, "iat": t, "exp": t + ttl},
            self.url_secret,
            "HS256",
            headers={"kid": "storage-url-signing-key"},
        )

    async def sign(self, r):
        svc = self._role(r) == "service_role"
        bid, key = r.path_params["bucket"], r.path_params.get("key")
        d = json.loads(await r.body() or b"{}")
        if "expiresIn" not in d:
            raise StorageErr(
                "400", "Error", "body must have required property 'expiresIn'", "InvalidRequest"
            )
        ttl = int(d["expiresIn"])
        if key:
            if not svc:
                raise no_key()
            self._obj(bid, key)
            return JSONResponse(
                {"signedURL": f"/object/sign/{bid}/{quote(key)}?token={self._sign(bid, key, ttl)}"}
            )
        out = []
        for p in d.get("paths", []):
            ok = svc and bid in self.buckets and p in self.buckets[bid].objects
            out.append(
                {
                    "error": None
                    if ok
                    else "Either the object does not exist or you do not have access to it",
                    "path": p,
                    "signedURL": f"/object/sign/{bid}/{quote(p)}?token={self._sign(bid, p, ttl)}"
                    if ok
                    else None,
                }
            )
        return JSONResponse(out)

    def _verify_url(self, r: Request, what: str) -> dict:
        tok = r.query_params.get("token")
        if not tok:
            raise StorageErr(
                "400", "Error", "querystring must have required property 'token'", "InvalidRequest"
            )
        try:
            c = jwt.decode(tok, self.url_secret, ["HS256"])
        except jwt.ExpiredSignatureError:
            raise StorageErr(
                "400", "InvalidJWT", '"exp" claim timestamp check failed', "InvalidJWT"
            ) from None
        except jwt.InvalidTokenError:
            raise StorageErr(
                "400", "InvalidJWT", "signature verification failed", "InvalidJWT"
            ) from None
        if bool(c.get("upload")) != (what == "upload"):
            raise StorageErr(
                "400", "InvalidSignature", f"Token is not scoped for {what}", "InvalidSignature"
            )
        if c["url"] != f"{r.path_params['bucket']}/{r.path_params['key']}":
            raise StorageErr("400", "InvalidSignature", "Invalid signature", "InvalidSignature")
        return c

    async def signed(self, r):
        self._verify_url(r, "download")
        return self._send(r, self._obj(r.path_params["bucket"], r.path_params["key"]), cache=False)

    async def upload_sign(self, r):
        bid, key = r.path_params["bucket"], r.path_params["key"]
        if r.method == "PUT":
            c = self._verify_url(r, "upload")
            resp = json.loads((await self._put(r, bid, key, upsert=bool(c.get("upsert")))).body)
            return JSONResponse({"Key": resp["Key"]})
        if self._role(r) != "service_role":
            raise refused()
        up = r.headers.get("x-upsert") == "true"
        if key in self._bucket(bid).objects and not up:
            raise StorageErr("409", "Duplicate", "The resource already exists", "KeyAlreadyExists")
        tok = self._sign(bid, key, 7200, upload=True, upsert=up)
        return JSONResponse(
            {"url": f"/object/upload/sign/{bid}/{quote(key)}?token={tok}", "token": tok}
        )

    async def list_(self, r):
        svc = self._role(r) == "service_role"
        b = self.buckets.get(r.path_params["bucket"])
        d = await r.json()
        if not b or not svc:
            return JSONResponse([])
        pre = d.get("prefix", "")
        pre = pre + "/" if pre and not pre.endswith("/") else pre
        folders, files = set(), []
        for k, o in b.objects.items():
            if not k.startswith(pre) or (d.get("search") or "") not in k[len(pre) :]:
                continue
            rest = k[len(pre) :]
            if "/" in rest:
                folders.add(rest.split("/")[0])
            else:
                files.append(
                    {
                        "name": rest,
                        "id": o.id,
                        "updated_at": o.updated_at,
                        "created_at": o.created_at,
                        "last_accessed_at": o.created_at,
                        "metadata": o.system(),
                    }
                )
        s = d.get("sortBy") or {}
        desc = s.get("order") == "desc"
        col = s.get("column") or "name"
        dirs = [
            {
                "name": f,
                "id": None,
                "updated_at": None,
                "created_at": None,
                "last_accessed_at": None,
                "metadata": None,
            }
            for f in folders
        ]
        if col == "name":  # the real server interleaves folders and files when sorting by name
            rows = sorted(dirs + files, key=lambda f: f["name"], reverse=desc)
        else:
            rows = sorted(dirs, key=lambda f: f["name"], reverse=desc) + sorted(
                files, key=lambda f: f[col], reverse=desc
            )
        off = int(d.get("offset") or 0)
        return JSONResponse(rows[off : off + int(d.get("limit") or 100)])

    def _row(self, bid: str, key: str, o: Obj) -> dict:
        return {
            "name": key,
            "bucket_id": bid,
            "owner": "",
            "owner_id": "",
            "version": o.version,
            "id": o.id,
            "updated_at": o.updated_at,
            "created_at": o.created_at,
            "last_accessed_at": o.created_at,
            "metadata": o.system(),
            "user_metadata": o.meta or {},
        }

    async def remove(self, r):
        svc = self._role(r) == "service_role"
        bid = r.path_params["bucket"]
        d = await r.json()
        b = self.buckets.get(bid)
        out = []
        asked = d.get("prefixes", []) if b and svc else []
        out = [self._row(bid, k, b.objects.pop(k)) for k in asked if k in b.objects]
        return JSONResponse(out)

    async def move_copy(self, r):
        if self._role(r) != "service_role":
            raise no_key()
        d = await r.json()
        src, dst = d["sourceKey"], d["destinationKey"]
        o = self._obj(d["bucketId"], src)
        tb = self._bucket(d.get("destinationBucket") or d["bucketId"])
        if dst in tb.objects:
            raise StorageErr("409", "Duplicate", "The resource already exists", "KeyAlreadyExists")
        if r.url.path.endswith("/move"):
            tb.objects[dst] = self.buckets[d["bucketId"]].objects.pop(src)
            return JSONResponse({"message": "Successfully moved"})
        tb.objects[dst] = Obj(o.data, o.mime, o.cache, meta=o.meta)
        return JSONResponse(
            {
                "Key": f"{tb.id}/{dst}",
                "Id": tb.objects[dst].id,
                **self._row(tb.id, dst, tb.objects[dst]),
            }
        )
