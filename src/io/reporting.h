/*
 * reporting.h - the report of a published unit, as one page to be printed.
 *
 * From published/ alone, with the wording and the configuration of now.  The
 * page holds all it needs: no script, nothing loaded from anywhere.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_REPORTING_H
#define SENSED_IO_REPORTING_H

#include "base/buf.h"
#include "base/err.h"
#include "core/report.h"
#include "io/conf.h"
#include "io/template.h"

/*
 * Appends the page of a unit in one of the configured languages.  ERR_ABSENT:
 * the wave is not published, or has no such unit.  ERR_REFUSED: the unit is
 * hidden; the message says, in the words of the templates, where its answers
 * are counted (SCORING 6), and nothing else.  ERR_INPUT: no such language, or
 * a template is wrong; ERR_CORRUPT, ERR_SYS.
 */
enum err_code	reporting_make(const struct conf *c, const char *wave,
		    const char *unit, const char *lang, int64_t now,
		    struct buf *out, struct err *e) MUST_USE;

/* The same page from values that are there; lang is an index. */
enum err_code	reporting_render(struct templates *t, const struct report *r,
		    size_t lang, struct buf *out, struct err *e) MUST_USE;

#endif
