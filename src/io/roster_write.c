/*
 * roster_write.c - makes the records that roster.c reads.
 *
 * The layout is in roster.h.  Checks nothing: what comes here has been
 * checked by importing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/message.h"
#include "io/record.h"
#include "io/roster_key.h"
#include "io/roster_write.h"

#define VALUE_MAX	4096

/* Frees key and value; both are this call's. */
static enum err_code
put(struct store *to, char *key, struct buf *value, struct err *e)
{
	enum err_code rc;

	rc = store_put(to, key, strlen(key), buf_str(value), value->len, e);
	free(key);
	buf_wipe(value);
	return rc;
}

enum err_code
roster_put_unit(struct store *to, const char *survey, uint32_t number,
    const char *id, const char *parent, const char *name, struct err *e)
{
	struct buf b;

	buf_init(&b, VALUE_MAX);
	record_text(&b, id);
	record_text(&b, parent);
	record_text(&b, name);
	return put(to, roster_key_number(ROSTER_UNIT, survey, NULL, number),
	    &b, e);
}

enum err_code
roster_put_leader(struct store *to, const char *survey, size_t n,
    const struct leader *l, struct err *e)
{
	struct buf b;

	buf_init(&b, VALUE_MAX);
	record_text(&b, l->name);
	record_text(&b, l->address);
	record_text(&b, l->lang);
	return put(to, roster_key_number(ROSTER_LEADER, survey, l->unit, n),
	    &b, e);
}

static enum err_code
put_address(struct store *to, const char *survey, const struct person *p,
    struct err *e)
{
	char		*canonical = address_canonical(p->address);
	struct buf	 b;
	enum err_code	 rc;

	buf_init(&b, VALUE_MAX);
	record_text(&b, p->id);
	rc = put(to, roster_key(ROSTER_ADDRESS, survey, canonical), &b, e);
	free(canonical);
	return rc;
}

enum err_code
roster_put_person(struct store *to, const char *survey, const struct person *p,
    bool *address, struct err *e)
{
	struct buf	b;
	enum err_code	rc;

	buf_init(&b, VALUE_MAX);
	record_text(&b, p->address);
	record_text(&b, p->name);
	record_text(&b, p->unit);
	record_text(&b, p->lang);
	*address = false;
	rc = put(to, roster_key(ROSTER_PERSON, survey, p->id), &b, e);
	if (rc != ERR_OK)
		return rc;
	*address = true;
	return put_address(to, survey, p, e);
}

enum err_code
roster_put_optout(struct store *to, const char *hash, struct err *e)
{
	char		*key = mem_fmt("%c/%s", ROSTER_OPTOUT, hash);
	enum err_code	 rc;

	rc = store_put(to, key, strlen(key), "", 0, e);
	free(key);
	return rc == ERR_USED ? ERR_OK : rc;
}
