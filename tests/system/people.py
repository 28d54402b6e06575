"""people.py - simulated people: each opens the own link and answers.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import queue
import threading

from web import Browser


def assign(org, ballots):
    """Gives each ballot to one person of its unit: {address: answers}."""
    waiting = {}
    for p in org.people:
        waiting.setdefault(p["unit"], []).append(p["email"])
    out = {}
    for unit, answers in ballots:
        out[waiting[unit].pop(0)] = answers
    return out


def answer_all(base, mails, answers, threads=4, then=None):
    """Everybody with an answer sends it through the link in their mail.

    Returns the change codes by address.  `then` is called after each answer
    with the number so far (for progress).
    """
    work, codes, failures = queue.Queue(), {}, []
    for m in mails:
        if m.to[0] in answers:
            work.put(m)
    if work.qsize() != len(answers):
        raise AssertionError("a person who answers has no mail")

    def run():
        web = Browser(base)
        try:
            while not failures:
                try:
                    m = work.get_nowait()
                except queue.Empty:
                    return
                given = {s: v for s, v in answers[m.to[0]].items()
                         if v is not None}
                r = web.answer(m.link, **given)
                if r.status != 200:
                    failures.append((r.status, r.text))
                    return
                codes[m.to[0]] = r.code()
                if then:
                    then(len(codes))
        except Exception as e:          # told by the caller's thread
            failures.append(e)
        finally:
            web.close()

    crew = [threading.Thread(target=run) for _ in range(threads)]
    for t in crew:
        t.start()
    for t in crew:
        t.join()
    if failures:
        raise AssertionError(failures[0])
    return codes
