"""Does what a script does with an archive, through a client that was generated from the description of the API.

    ten_tasks.py FOLDER_OF_THE_CLIENT ADDRESS   with the tokens WRITER, READER and AUDITOR in the environment

Ends with 0 when every task went as a script would expect it.
"""

import importlib
import os
import sys


def main(folder: str, address: str) -> None:
    sys.path.insert(0, folder)
    client_of = importlib.import_module("dossier_client").AuthenticatedClient
    people = {
        name: client_of(base_url=address, token=os.environ[name], raise_on_unexpected_status=True)
        for name in ("WRITER", "READER", "AUDITOR")
    }
    tasks = Tasks(people)
    for name in [name for name in vars(Tasks) if name.startswith("task_")]:
        getattr(tasks, name)()
        print("done:", name.removeprefix("task_").replace("_", " "))


def called(tag: str, operation: str, client, *arguments, expected: int = 200, **parameters):
    """Calls an operation and hands back what it answered, as the client understands it."""
    module = importlib.import_module(f"dossier_client.api.{tag}.{operation}")
    answer = module.sync_detailed(*arguments, client=client, **parameters)
    assert answer.status_code == expected, f"{operation}: {answer.status_code} {answer.content[:300]!r}"
    assert answer.parsed is not None or expected == 204, f"{operation}: {expected} is not described"
    return answer.parsed


def model(name: str, *word, **fields):
    """A body of a request, or one word of a closed list."""
    return getattr(importlib.import_module("dossier_client.models"), name)(*word, **fields)


class Tasks:
    def __init__(self, people: dict):
        self.writer = people["WRITER"]
        self.reader = people["READER"]
        self.auditor = people["AUDITOR"]
        self.document = ""

    def task_01_search(self):
        found = called("search", "search", self.reader, q="密集档案架")
        assert found.total >= 1 and found.hits, found
        hit = found.hits[0]
        assert hit.customer_code == "KH-0003" and hit.page == 3, hit
        self.document, self.picture = hit.document_id, hit.page_image
        some = called("search", "search", self.reader, q="的", limit=1)
        assert some.total > 1 and some.next_ == 1, some

    def task_02_read_a_document(self):
        shown = called("documents", "get_document", self.reader, self.document)
        assert len(shown.pages) >= 3 and any("密集档案架" in page.text for page in shown.pages), shown.title
        self.version, self.place_version, self.number = shown.version, shown.place_version, shown.number
        pages = called("documents", "list_pages", self.reader, self.document, limit=2)
        assert pages.total == len(shown.pages) and pages.next_ == "2", pages

    def task_03_page_image(self):
        answer = self.reader.get_httpx_client().get(self.picture)
        assert answer.status_code == 200 and answer.content[:2] in (b"\xff\xd8", b"\x89P"), answer

    def task_04_search_by_number(self):
        assert self.number, "the document has a number of its own"
        found = called("search", "search", self.reader, q=self.number)
        assert found.hits and found.hits[0].document_id == self.document, found.hits[:1]

    def task_05_locate(self):
        shown = called("documents", "get_document", self.reader, self.document)
        place = called("locations", "locate", self.reader, code=shown.location_code)
        assert self.document in [item.document_id for item in place.items], place.code
        assert place.total == len(place.items), place.total

    def task_06_customers(self):
        codes, after = [], ""
        while True:
            some = called("customers", "list_customers", self.reader, after=after, limit=5)
            codes += [customer.code for customer in some.items]
            if not some.next_:
                break
            after = some.next_
        assert len(codes) == len(set(codes)) == 14, codes
        customer = called("customers", "get_customer", self.reader, "KH-0003")
        assert self.document in [document.document_id for document in customer.documents]

    def task_07_place_a_paper(self):
        places, after = [], ""
        while True:
            some = called("locations", "list_locations", self.reader, after=after, limit=50)
            places += [place.code for place in some.items]
            if not some.next_:
                break
            after = some.next_
        before = called("documents", "get_document", self.reader, self.document).location_code
        depth = before.count("-")
        to = next(code for code in places if code != before and code.count("-") == depth)
        body = model("PlaceBody", place=to, version=self.place_version)
        placed = called("documents", "place_document", self.writer, self.document, body=body)
        assert placed.location_code == to and placed.place_version == self.place_version + 1, placed
        # Somebody else saw it where it was before.
        late = called("documents", "place_document", self.writer, self.document, body=body, expected=409)
        assert late.code == "version_conflict", late
        refused = called("documents", "place_document", self.reader, self.document, body=body, expected=403)
        assert "scope write" in refused.detail and "the role a token" not in refused.detail, refused.detail

    def task_08_decide_a_review(self):
        queue = called("review", "list_review", self.writer, limit=200)
        assert queue.total == len(queue.items) > 0, queue.total
        item = queue.items[0]
        decided = called(
            "documents",
            "link_document",
            self.writer,
            item.document_id,
            body=model("LinkBody", customer_code="KH-0003", version=item.version),
        )
        back = called(
            "documents",
            "unlink_document",
            self.writer,
            item.document_id,
            body=model("UnlinkBody", version=decided.version, reason="a trial"),
        )
        late = called(
            "documents",
            "link_document",
            self.writer,
            item.document_id,
            body=model("LinkBody", customer_code="KH-0003", version=item.version),
            expected=409,
        )
        assert back.version > decided.version > item.version and late.code == "version_conflict"

    def task_09_correct_a_record(self):
        body = model("DocumentCorrectionBody", version=self.version, title="密集架采购合同", why="the title was cut")
        corrected = called("documents", "correct_document", self.writer, self.document, body=body)
        assert corrected.version == self.version + 1, corrected
        rows = called("history", "list_history", self.writer, object_=self.document, limit=5).items
        assert any(row.after == "密集架采购合同" for row in rows), rows

    def task_10_report_of_a_batch(self):
        batches = called("batches", "list_batches", self.writer, limit=1)
        report = called("batches", "get_batch", self.writer, batches.items[0].id)
        assert report.found == len(report.items) > 0, report.found
        assert {item.outcome.value for item in report.items} >= {"filed", "needs_review"}

    def task_11_order_a_rereading(self):
        body = model("RereadBody", documents=[self.document], pages=[1])
        order = called("rereads", "order_reread", self.writer, body=body)
        assert order.documents == 1, order
        seen = called("rereads", "get_reread", self.writer, order.reread)
        assert seen.reread == order.reread
        assert order.reread in [row.reread for row in called("rereads", "list_rereads", self.writer).items]

    def task_12_audit(self):
        events = called("audit", "list_audit_events", self.auditor, limit=10)
        assert len(events.items) == 10 < events.total and events.next_ == str(events.items[-1].sequence), events
        put_away = model("ListAuditEventsAction", "original.put_away")
        moved = called("audit", "list_audit_events", self.auditor, object_=self.document, action=put_away)
        assert moved.items, "the trail says who put the paper away"
        refused = called("audit", "list_audit_events", self.reader, expected=403)
        assert refused.code == "forbidden", refused
        users = called("users", "list_users", self.auditor)
        assert {"writer", "reader", "auditor"} <= {user.name for user in users.items}

    def task_13_what_is_wrong_is_named(self):
        answer = self.reader.get_httpx_client().get("/api/v1/search")
        problem = answer.json()
        assert answer.status_code == 422 and problem["field"] == "q", problem
        stranger = type(self.reader)(base_url=self.reader._base_url, token="no token")
        assert called("search", "search", stranger, q="a", expected=401).code == "not_signed_in"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
