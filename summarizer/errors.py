"""Every error the library raises on purpose, in one tree.

    SummarizerError
    ├── InputError              the text given cannot be briefed
    │   ├── ArticleNotFound
    │   ├── ArticleUnreadable
    │   ├── ArticleEmpty
    │   ├── ArticleTooLong
    │   └── AddressRefused      an address that may not be fetched, or is none
    ├── ConfigurationError      a setting, flag or model name is wrong
    │   ├── UnknownModel
    │   └── StoreUnusable       the file of a store cannot be read or written
    ├── ModelUnavailable        no model could be reached or started
    │   ├── ModelNotFetched     the file of a local model is not here and could not be brought
    │   ├── ModelFileCorrupt    a file is here whose hash is not the registry's
    │   ├── KeyRefused
    │   ├── RateLimited
    │   │   └── QuotaExhausted  waiting does not help: the account is out of money
    │   ├── RequestRefused      the server will not take the request as it is
    │   ├── ServerUnreachable
    │   │   └── ServerNotConnected
    │   └── ModelTimeout
    ├── PageUnreachable         a page cannot be had now
    ├── BudgetSpent             the next call could cost more than is left
    ├── TooManyFailed           more articles of a batch failed than were to
    ├── AtWorkElsewhere         another process is making this brief
    ├── WorkerEnded             a process that was making this brief has ended
    ├── AnswerAwaited           a request was put aside until the provider's batch is done
    └── AnswerUnusable          the model answered, and nothing of it can be used

Each names the thing (`what`) and the remedy; `str(error)` is both on one line.
"""


class SummarizerError(Exception):
    """Base of all. `what` names the thing that is wrong, `remedy` says what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        # One line whatever a file name or a server's message holds.
        self.what = " ".join(what.split())
        self.remedy = " ".join(remedy.split())
        super().__init__(f"{self.what}; {self.remedy}")

    def __reduce__(self) -> tuple[type["SummarizerError"], tuple[str, str]]:
        return type(self), (self.what, self.remedy)


class InputError(SummarizerError):
    """The input cannot be read as an article."""


class ArticleNotFound(InputError):
    """There is no such file."""


class ArticleUnreadable(InputError):
    """There is a file, but it is no text that can be read."""


class ArticleEmpty(InputError):
    """The text is empty or blank, or nothing but adverts and teasers."""


class ArticleTooLong(InputError):
    """The article does not fit the model's context window."""


class AddressRefused(InputError):
    """The address is none of the web, or leads into a private network, or its site's robots.txt closes it."""


class ConfigurationError(SummarizerError):
    """A setting, flag or environment variable is wrong."""


class UnknownModel(ConfigurationError):
    """No model of that name is known."""


class StoreUnusable(ConfigurationError):
    """The file of a store is none, is damaged, or cannot be written: no room, no permission, or long in use."""


class ModelUnavailable(SummarizerError):
    """No model could be reached or started."""


class ModelNotFetched(ModelUnavailable):
    """The model's file is not on this machine and could not be brought here."""


class ModelFileCorrupt(ModelUnavailable):
    """The model's file is not the one that the registry names."""


class KeyRefused(ModelUnavailable):
    """The provider refused the API key, or none was given."""


class RateLimited(ModelUnavailable):
    """The provider kept answering 429 until the time or the attempts ran out."""


class QuotaExhausted(RateLimited):
    """The account has no quota or credit left, so that asking again later does not help either."""


class RequestRefused(ModelUnavailable):
    """The server refused the request itself, for a reason that none of the other errors names."""


class ServerUnreachable(ModelUnavailable):
    """The provider's server did not answer, or answered with errors only."""


class ServerNotConnected(ServerUnreachable):
    """No connection to the provider's server came about, so that nothing was sent and nothing can be charged."""


class ModelTimeout(ModelUnavailable):
    """The time limit of the call or of the article ran out."""


class PageUnreachable(SummarizerError):
    """The site does not answer, or is busy, or fetching is forbidden; later it may be had."""


class BudgetSpent(SummarizerError):
    """What a call may cost at most is more than the budget has left."""


class TooManyFailed(SummarizerError):
    """More articles of a batch failed than its caller lets it go on after."""


class AtWorkElsewhere(SummarizerError):
    """Another process is making the brief, so that it is not paid for twice."""


class WorkerEnded(SummarizerError):
    """The process that was making the brief has ended over it."""


class AnswerAwaited(SummarizerError):
    """A request was put aside until its answer comes: no failure, and nothing on the way may take it for one."""


class AnswerUnusable(SummarizerError):
    """The model answered, but not in a form that can be used, and asking again did not help."""
