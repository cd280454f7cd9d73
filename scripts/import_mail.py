"""Import a mailbox of any size into a running AudioBrew: an .mbox, a .zip of mails, an .eml or an .emlx file.

    uv run --group scripts scripts/import_mail.py "All mail.mbox" --sign-in "$(audiobrew sign-in)"

If the script was interrupted, run it again with the same options: the upload of the same file goes on where
it was. AudioBrew reads the file in the background, also after the script has ended.
"""

import argparse
import time
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from audiobrew_client import AuthenticatedClient
from audiobrew_client.api.mail import begin_import, get_import, list_imports, upload_import_part
from audiobrew_client.models import ImportRequest, MailImport
from audiobrew_client.types import File
from connection import Progress, Refused, add_options, connect, ok, run

POLL_SECONDS = 1.0
# At the beginning and at the end of a file, by which it is recognized.
HASHED_BYTES = 4 * 2**20


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(description="Import a file of mails of any size.")
    arguments.add_argument("file", type=Path, metavar="FILE", help="the .mbox, .zip or .eml file")
    arguments.add_argument(
        "--all", action="store_true", help="include mails without any sign of a newsletter"
    )
    add_options(arguments)
    return arguments


def main(options: argparse.Namespace) -> None:
    if not options.file.is_file():
        raise Refused(f"There is no file {options.file}.")
    progress = Progress()
    with connect(options) as client:
        mail_import = upload(client, options.file, progress, others=options.all)
        mail_import = wait_until_read(client, mail_import, progress)
        progress.clear()
        report(mail_import)


def upload(client: AuthenticatedClient, file: Path, progress: Progress, others: bool) -> MailImport:
    """Begin an import, or go on with its upload, and send the parts that are missing."""
    mail_import = begin(client, file, others)
    with file.open("rb") as stream:
        while mail_import.status == "uploading":
            offset = mail_import.received_bytes
            progress.show("Uploading", offset * 100 // mail_import.bytes_)
            stream.seek(offset)
            part = File(BytesIO(stream.read(mail_import.part_bytes)))
            mail_import = ok(
                upload_import_part.sync_detailed(
                    mail_import.id, client=client, body=part, offset=offset
                )
            )
    return mail_import


def begin(client: AuthenticatedClient, file: Path, others: bool) -> MailImport:
    body = ImportRequest(
        file.name, file.stat().st_size, include_others=others, content_hash=hash_content(file)
    )
    imports: list[MailImport] = ok(list_imports.sync_detailed(client=client))
    for mail_import in imports:
        is_same = all(
            getattr(mail_import, name) == getattr(body, name)
            for name in ("name", "bytes_", "include_others", "content_hash")
        )
        if is_same and mail_import.status == "uploading":
            return mail_import
    begun: MailImport = ok(begin_import.sync_detailed(client=client, body=body))
    return begun


def hash_content(file: Path) -> str:
    """The hash by which an import recognizes its file."""
    with file.open("rb") as stream:
        digest = sha256(stream.read(HASHED_BYTES))
        stream.seek(max(0, file.stat().st_size - HASHED_BYTES))
        digest.update(stream.read(HASHED_BYTES))
    return digest.hexdigest()


def wait_until_read(
    client: AuthenticatedClient, mail_import: MailImport, progress: Progress
) -> MailImport:
    while mail_import.status in ("waiting", "reading"):
        progress.show("Reading", mail_import.read_bytes * 100 // mail_import.bytes_)
        time.sleep(POLL_SECONDS)
        mail_import = ok(get_import.sync_detailed(mail_import.id, client=client))
    return mail_import


def report(mail_import: MailImport) -> None:
    """Print what was found. Raises Refused if the import failed or was stopped."""
    print(
        f"{mail_import.newsletters:,} newsletters of {mail_import.senders:,} senders,"
        f" {mail_import.added:,} mails added; {mail_import.other_mails:,} other mails."
    )
    for skipped in mail_import.skipped:
        print(f"Left out {skipped.count:,}, such as {skipped.names[0]}: {skipped.reason}")
    if mail_import.status != "done":
        raise Refused(mail_import.trouble or "The import was stopped.")


if __name__ == "__main__":
    raise SystemExit(run(main, parser()))
