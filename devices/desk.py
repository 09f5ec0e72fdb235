"""Answers what people write to devices: each command is carried out once, and answered once.

One transaction carries a command out and keeps the answer's words; only then is anything told.
(What changes nothing is made out before, so that it keeps nobody from writing.)
Who dies in between, or does the same elsewhere at the same time, leaves nothing undone and does
nothing twice: telling and posting may be repeated. The transaction has the device locked, so that
nobody joins what is hidden from them meanwhile.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from chat import handlers, joining
from chat.conversation_ids import is_room
from chat.models import Account, Membership
from chat.posting import Draft
from chat.protocol import Forbidden, Message, NotFound, Unavailable, parse_time
from chat.rooms.guests import say
from devices import notices
from devices.commands import JOINED, LEFT, REBOOTED, Reply, carry_out, in_rooms, may_change
from devices.models import Answer, Device
from devices.visibility import locked, sees

log = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(seconds=60)
"""What fails so long after it was written is given up, so that the next question gets its turn."""
FAILED = "This did not work. Write it again a little later."


def attend(name: str, conversation: str) -> None:
    """Answer what waits for the device `name` in this conversation, in its order.

    Raises what kept it from answering: that question, and all after it, are left for another try.
    """
    while questions := handlers.unanswered(name, conversation):
        for question in questions:
            device = Device.objects.select_related("account").filter(pk=name).first()
            person = handlers.asking(question)
            if device and person and sees(device, person.name):
                _attend_to(device, person, question)
            handlers.answered(name, conversation, question.seq)


def _attend_to(device: Device, person: Account, question: Message) -> None:
    try:
        answer = _decide(device, person, question)
        if answer is None:
            return
        _tell(answer.effect, device, person, question)
    except Exception as error:
        if timezone.now() < parse_time(question.sent_at) + GIVEN_UP_AFTER:
            raise
        log.error("A command to %s was given up: %s", device.name, type(error).__name__)
        answer = Answer.objects.get_or_create(question=question.id, defaults={"body": FAILED})[0]
    _say(answer, question, device)


# ---- carrying out -----------------------------------------------------------------------------


def _decide(device: Device, person: Account, question: Message) -> Answer | None:
    """The answer; None where there is none: in a room the device may be merely spoken of, or it was
    hidden from the person meanwhile."""
    changes = in_rooms.may_change if is_room(question.conversation) else may_change
    if changes(question.body, device.name):
        return _changed(device, person, question)
    reply = _carried_out(device, person, question)
    if reply is None:
        return None
    return Answer.objects.get_or_create(question=question.id, defaults=reply._asdict())[0]


def _changed(device: Device, person: Account, question: Message) -> Answer | None:
    """The answer, which comes to be together with all that the command does."""
    with transaction.atomic():
        device = locked(device.name)  # whoever does the same waits here, and then finds it done
        if not sees(device, person.name):
            return None
        if done := Answer.objects.filter(pk=question.id).first():
            return done
        reply = _carried_out(device, person, question)
        return reply and Answer.objects.create(question=question.id, **reply._asdict())


def _carried_out(device: Device, person: Account, question: Message) -> Reply | None:
    if is_room(question.conversation):
        return _carried_out_in_room(device, person, question)
    if not device.enabled:
        return Reply(f"{device.account.shown_title} is switched off.")
    return carry_out(question.body, device, person.name, timezone.now())


def _carried_out_in_room(device: Device, person: Account, question: Message) -> Reply | None:
    places = Membership.objects.filter(account=device.name, conversation=question.conversation)
    if (place := places.first()) is None:
        return None  # it has left meanwhile
    asked = in_rooms.Asked(device, person.name, place, timezone.now())
    return in_rooms.carry_out(question.body, asked)


# ---- telling ----------------------------------------------------------------------------------


def _tell(effect: str, device: Device, person: Account, question: Message) -> None:
    """Tell whoever is concerned what a command did, once it is committed."""
    if effect in (JOINED, LEFT):
        joining.tell_membership(person.name, device.feed)
    elif effect == REBOOTED:
        body = f"{device.account.shown_title} was restarted by {person.shown_title}."
        _post(notices.notice(device, notices.REBOOTED, f"reboot:{question.id}", body))


def _say(answer: Answer, question: Message, device: Device) -> None:
    _post(
        Draft(
            sender=device.name,
            conversation=question.conversation,
            client_id=handlers.answer_id(answer.question),
            body=answer.body,
            data={"reply_to": question.id} if is_room(question.conversation) else None,
        )
    )


def _post(draft: Draft) -> None:
    """Raises Unavailable. What is refused otherwise would be so again, and holds up nobody; where
    the device has left the room meanwhile there is nothing to say of it."""
    (outcome,) = say([draft])
    if isinstance(outcome.error, Unavailable):
        raise outcome.error
    if outcome.error is not None and not isinstance(outcome.error, Forbidden | NotFound):
        log.error("What %s had to say was refused: %s", draft.sender, outcome.error.code)
