"""A double of the Batch API: uploads, batches and files of rows, as the provider's guide describes them.

It validates what comes as the provider does, answers each line with `model`, and says of a batch that it is in
progress until it was looked at `looks` times. Requests that are sent the ordinary way are played from a script, as by
its base.
"""

import json
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

from double import Double, Reply, Request, Step, fail

USAGE = {
    "prompt_tokens": 4_000,
    "completion_tokens": 100,
    "total_tokens": 4_100,
    "prompt_tokens_details": {"cached_tokens": 1_000},
}
Model = Callable[[dict[str, Any]], dict[str, Any] | None]


def answer(content: object, *, usage: object = USAGE) -> dict[str, Any]:
    """The response of a row in which the model says that."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    choice = {"index": 0, "message": {"role": "assistant", "content": text, "refusal": None}, "finish_reason": "stop"}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "choices": [choice], "usage": usage}
    return {"response": {"status_code": 200, "request_id": "req_1", "body": body}, "error": None}


def error(status: int, message: str, **more: object) -> dict[str, Any]:
    """The response of a row that the model's server refused, or broke on."""
    told = {"message": message, "type": "invalid_request_error", "param": None, "code": None, **more}
    return {"response": {"status_code": status, "request_id": "req_1", "body": {"error": told}}, "error": None}


def expired() -> dict[str, Any]:
    """The row of a request that was not reached within the day."""
    message = "This request could not be executed before the completion window expired."
    return {"response": None, "error": {"code": "batch_expired", "message": message}}


class BatchDouble(Double):
    """The server. `lines` are all requests that it was given in batches, `batches` the batches, by their ids.

    `model` gives what a row says beside its ids, for the body of a request. `status` is how a batch ends, `refusal`
    what is said against it while it is validated, with that `code`. `spoil` may change the text of a file of rows. With
    `loses` it makes that many batches and breaks the connection before it says so.
    """

    def __init__(self, model: Model, *steps: Step, key: str | None = None) -> None:
        super().__init__(*steps, key=key)
        self.model = model
        self.looks, self.status, self.refusal, self.loses = 1, "completed", "", 0
        self.code = "invalid"
        self.spoil: Callable[[str], str] = lambda text: text
        self.files: dict[str, str] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.lines: list[dict[str, Any]] = []

    async def _play(self, request: Request, reply: Reply) -> None:
        path = urlsplit(request.path).path.removeprefix("/v1")
        if path.startswith(("/files", "/batches")):
            await self._serve_batches(request, reply, path)
        else:
            await super()._play(request, reply)

    async def _serve_batches(self, request: Request, reply: Reply, path: str) -> None:
        if request.method == "POST" and path == "/files":
            await reply.whole(200, self._upload(request))
        elif path.endswith("/content"):
            text = self.files.get(path.split("/")[2])
            await (reply.whole(200, text) if text is not None else fail(404, "No such File object")(request, reply))
        elif request.method == "POST" and path == "/batches":
            made = self._create(request.body)
            if self.loses > 0:
                self.loses -= 1
                reply.reset()
            else:
                await reply.whole(200, made)
        elif path == "/batches":
            await reply.whole(200, self._list(parse_qs(urlsplit(request.path).query)))
        else:
            found = self.batches.get(path.split("/")[2])
            await (reply.whole(200, self._looked_at(found)) if found else fail(404, "No batch found")(request, reply))

    def _upload(self, request: Request) -> dict[str, Any]:
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        parts: dict[str, Message] = {}
        for part in BytesParser().parsebytes(head + request.data).get_payload():
            parts[part.get_param("name", header="content-disposition")] = part
        assert parts["purpose"].get_payload() == "batch"
        assert parts["file"].get_filename().endswith(".jsonl")
        name = f"file-{len(self.files) + 1}"
        self.files[name] = parts["file"].get_payload(decode=True).decode()
        return {"id": name, "object": "file", "bytes": len(self.files[name]), "created_at": 1, "purpose": "batch"}

    def _create(self, body: dict[str, Any]) -> dict[str, Any]:
        assert (body["endpoint"], body["completion_window"]) == ("/v1/chat/completions", "24h")
        lines = [json.loads(line) for line in self.files[body["input_file_id"]].split("\n") if line]
        for line in lines:
            assert set(line) == {"custom_id", "method", "url", "body"}
            assert (line["method"], line["url"]) == ("POST", "/v1/chat/completions")
            assert not {"stream", "stream_options", "extra_body"} & set(line["body"])
        assert len({line["custom_id"] for line in lines}) == len(lines)
        assert len({line["body"]["model"] for line in lines}) == 1
        self.lines += lines
        name = f"batch_{len(self.batches) + 1}"
        self.batches[name] = {
            "id": name,
            "object": "batch",
            "endpoint": body["endpoint"],
            "completion_window": "24h",
            "input_file_id": body["input_file_id"],
            "metadata": body["metadata"],
            "status": "validating",
            "created_at": 2_000_000_000 + len(self.batches),
            "request_counts": {"total": len(lines), "completed": 0, "failed": 0},
            "looks": 0,
        }
        return self.batches[name]

    def _list(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """A page of the batches, the newest first; of two at most, so that there are several."""
        every = list(reversed(self.batches.values()))
        after = query.get("after", [""])[0]
        first = next((place + 1 for place, batch in enumerate(every) if batch["id"] == after), 0)
        return {"object": "list", "data": every[first : first + 2], "has_more": first + 2 < len(every)}

    def _looked_at(self, batch: dict[str, Any]) -> dict[str, Any]:
        batch["looks"] += 1
        if batch["looks"] < self.looks or batch["status"] in ("completed", "failed", "expired", "cancelled"):
            batch["status"] = "in_progress" if batch["looks"] < self.looks else batch["status"]
        elif self.refusal:
            data = [{"code": self.code, "message": self.refusal, "line": 1, "param": None}]
            batch |= {"status": "failed", "errors": {"object": "list", "data": data}}
            batch["request_counts"] = {"total": 0, "completed": 0, "failed": 0}
        else:
            self._finish(batch)
        return batch

    def _finish(self, batch: dict[str, Any]) -> None:
        """Answer its lines, those that went well in one file and the others in another, in no order."""
        rows: dict[bool, list[str]] = {True: [], False: []}
        for line in reversed([json.loads(line) for line in self.files[batch["input_file_id"]].split("\n") if line]):
            said = self.model(line["body"])
            if said is not None:
                row = {"id": "batch_req_1", "custom_id": line["custom_id"], **said}
                is_well = bool(said["response"]) and said["response"]["status_code"] == 200
                rows[is_well].append(json.dumps(row, ensure_ascii=False))
        for kind, is_well in (("output", True), ("error", False)):
            if rows[is_well]:
                name = f"file-{len(self.files) + 1}"
                self.files[name] = self.spoil("".join(f"{row}\n" for row in rows[is_well]))
                batch[f"{kind}_file_id"] = name
        counts = {"total": len(rows[True]) + len(rows[False]), "completed": len(rows[True]), "failed": len(rows[False])}
        batch |= {"status": self.status, "request_counts": counts, f"{self.status}_at": batch["created_at"] + 90}
