/*
 * importing_units.c - the units file: the tree, and who leads what.
 *
 * Several rows of one unit are several leaders of it; parent and name must
 * then agree.  All rows are held at once: a unit's rows may be anywhere.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/message.h"
#include "io/importing_parts.h"
#include "io/roster_write.h"

enum { UNIT, PARENT, NAME, LEADER_NAME, LEADER_EMAIL, LANGUAGE, COLUMNS };

static const struct csv_column columns[COLUMNS] = {
	[UNIT] = { "unit", false },
	[PARENT] = { "parent", false },
	[NAME] = { "name", false },
	[LEADER_NAME] = { "leader_name", false },
	[LEADER_EMAIL] = { "leader_email", false },
	[LANGUAGE] = { "language", false },
};

static enum err_code
check_leader(const struct conf *c, const char *const *f, struct err *e)
{
	if (f[LEADER_EMAIL][0] == '\0' && f[LEADER_NAME][0] != '\0')
		return err_set(e, ERR_INPUT, "leader_email is empty beside a "
		    "leader_name, expected both or neither");
	if (f[LEADER_EMAIL][0] != '\0' && !import_address(f[LEADER_EMAIL]))
		return err_set(e, ERR_INPUT, "leader_email is no mail "
		    "address, expected one such as name@example.org");
	if (strlen(f[LEADER_NAME]) > PERSON_NAME_MAX)
		return err_set(e, ERR_INPUT, "leader_name has %zu bytes, "
		    "expected at most %d", strlen(f[LEADER_NAME]),
		    PERSON_NAME_MAX);
	if (!import_language(c, f[LANGUAGE]))
		return err_set(e, ERR_INPUT, "language is not configured, "
		    "expected one of `languages`, both, or none");
	return ERR_OK;
}

static enum err_code
check_unit(const char *const *f, struct err *e)
{
	if (!unit_id_valid(f[UNIT], strlen(f[UNIT])))
		return err_set(e, ERR_INPUT, "unit is malformed, expected 1 "
		    "to %d letters, digits, - or _", UNIT_ID_MAX);
	if (f[PARENT][0] != '\0' && !unit_id_valid(f[PARENT],
	    strlen(f[PARENT])))
		return err_set(e, ERR_INPUT, "parent is malformed, expected "
		    "the unit above, or nothing for the root");
	if (f[NAME][0] == '\0' || strlen(f[NAME]) > UNIT_NAME_MAX)
		return err_set(e, ERR_INPUT, "name has %zu bytes, expected 1 "
		    "to %d", strlen(f[NAME]), UNIT_NAME_MAX);
	return ERR_OK;
}

static void
keep_row(struct unit_rows *rows, const char *const *f, unsigned int line)
{
	struct unit_row	*r;
	const char	**place[COLUMNS];
	size_t		 i, len = 0;
	char		*p;

	if (rows->n == rows->cap) {
		rows->cap = rows->cap != 0 ? 2 * rows->cap : 64;
		rows->row = mem_resize(rows->row, rows->cap,
		    sizeof(*rows->row));
	}
	r = &rows->row[rows->n++];
	*r = (struct unit_row){ .line = line };
	place[UNIT] = &r->id;
	place[PARENT] = &r->parent;
	place[NAME] = &r->name;
	place[LEADER_NAME] = &r->leader_name;
	place[LEADER_EMAIL] = &r->leader_email;
	place[LANGUAGE] = &r->language;
	for (i = 0; i < COLUMNS; i++)
		len += strlen(f[i]) + 1;
	p = r->text = mem_zero(len, 1);
	for (i = 0; i < COLUMNS; i++) {
		*place[i] = p;
		p = stpcpy(p, f[i]) + 1;
	}
}

static enum err_code
on_row(void *arg, const char *const *field, unsigned int line, struct err *e)
{
	struct import	*im = arg;
	enum err_code	 rc;

	rc = check_unit(field, e);
	if (rc == ERR_OK)
		rc = check_leader(im->conf, field, e);
	if (rc == ERR_OK && im->rows->n == (size_t)UNITS_MAX * LEADERS_MAX)
		rc = err_set(e, ERR_INPUT, "too many rows, expected at most "
		    "%d", UNITS_MAX * LEADERS_MAX);
	if (rc == ERR_OK)
		keep_row(im->rows, field, line);
	return rc;
}

static int
compare_rows(const void *a, const void *b)
{
	const struct unit_row	*x = *(struct unit_row *const *)a;
	const struct unit_row	*y = *(struct unit_row *const *)b;
	const int		 c = strcmp(x->id, y->id);

	return c != 0 ? c : (x->line > y->line) - (x->line < y->line);
}

static bool
same_address(const char *a, const char *b)
{
	char	*x = address_canonical(a), *y = address_canonical(b);
	bool	 same = strcmp(x, y) == 0;

	free(x);
	free(y);
	return same;
}

/* Row n of a unit, against the n rows before it. */
static enum err_code
check_again(struct unit_row *const *first, size_t n, struct err *e)
{
	const struct unit_row	*r = first[n];
	size_t			 i;

	if (strcmp(r->parent, first[0]->parent) != 0 ||
	    strcmp(r->name, first[0]->name) != 0)
		return err_set(e, ERR_INPUT, "unit %s has another parent or "
		    "name than in line %u, expected the same", r->id,
		    first[0]->line);
	if (n == LEADERS_MAX)
		return err_set(e, ERR_INPUT, "unit %s has more than %d rows, "
		    "expected at most %d leaders", r->id, LEADERS_MAX,
		    LEADERS_MAX);
	for (i = 0; i < n; i++)
		if (first[i]->leader_email[0] == '\0' ||
		    r->leader_email[0] == '\0' ||
		    same_address(first[i]->leader_email, r->leader_email))
			return err_set(e, ERR_INPUT, "unit %s is in line %u "
			    "already, expected a second row only for another "
			    "leader", r->id, first[i]->line);
	return ERR_OK;
}

/* Rows that do not fit those before them of their unit. */
static void
check_units(struct import *im, struct unit_rows *rows)
{
	struct err	e;
	size_t		i, first = 0;

	rows->by_id = mem_zero(rows->n, sizeof(*rows->by_id));
	for (i = 0; i < rows->n; i++)
		rows->by_id[i] = &rows->row[i];
	qsort(rows->by_id, rows->n, sizeof(*rows->by_id), compare_rows);
	for (i = 1; i < rows->n; i++) {
		if (strcmp(rows->by_id[i]->id, rows->by_id[first]->id) != 0) {
			first = i;
			continue;
		}
		rows->by_id[i]->again = true;
		if (check_again(rows->by_id + first, i - first, &e) == ERR_OK)
			continue;
		err_prefix(&e, "%s:%u: ", im->files.units,
		    rows->by_id[i]->line);
		import_fault(im, &e);
	}
}

/* In file order, so that a refusal blames the later line. */
static enum err_code
build_tree(struct tree *t, const struct unit_rows *rows, unsigned int *line,
    struct err *e)
{
	const struct unit_row	*r;
	enum err_code		 rc = ERR_OK;
	size_t			 i;

	for (i = 0; i < rows->n && rc == ERR_OK; i++) {
		r = &rows->row[i];
		*line = r->line;
		if (!r->again)
			rc = tree_add(t, r->id, r->parent, r->name, 0, r->line,
			    e);
	}
	return rc == ERR_OK ? tree_finish(t, line, e) : rc;
}

enum err_code
import_read_units(struct import *im, struct unit_rows *rows, struct err *e)
{
	unsigned int	line = 1;
	enum err_code	rc;

	im->rows = rows;
	rc = csv_read_on(im->files.units, columns, COLUMNS, on_row,
	    import_fault, NULL, im, e);
	if (rc != ERR_OK)
		return rc;
	check_units(im, rows);
	if ((rc = import_faults(im, im->files.units, e)) != ERR_OK)
		return rc;
	rc = build_tree(&im->tree, rows, &line, e);
	if (rc != ERR_OK)
		err_prefix(e, "%s:%u: ", im->files.units, line != 0 ? line : 1);
	return rc;
}

static enum err_code
put_leader(struct import *im, const struct unit_row *r, size_t n, struct err *e)
{
	struct leader l;

	memcpy(l.unit, r->id, strlen(r->id) + 1);
	memcpy(l.address, r->leader_email, strlen(r->leader_email) + 1);
	memcpy(l.name, r->leader_name, strlen(r->leader_name) + 1);
	memcpy(l.lang, r->language, strlen(r->language) + 1);
	return roster_put_leader(im->new, im->survey, n, &l, e);
}

enum err_code
import_put_units(struct import *im, const struct unit_rows *rows,
    struct err *e)
{
	const struct tree	*t = &im->tree;
	const struct unit_row	*r;
	enum err_code		 rc = ERR_OK;
	uint32_t		 u;
	size_t			 i, n = 0;

	for (u = 0; u < t->n && rc == ERR_OK; u++)
		rc = roster_put_unit(im->new, im->survey, u, t->unit[u].id,
		    u == 0 ? "" : t->unit[t->unit[u].parent].id,
		    t->unit[u].name, e);
	for (i = 0; i < rows->n && rc == ERR_OK; i++) {
		r = rows->by_id[i];
		n = r->again ? n + 1 : 0;
		if (r->leader_email[0] != '\0')
			rc = put_leader(im, r, n, e);
		else
			im->report.unled++;
	}
	return rc;
}

void
unit_rows_wipe(struct unit_rows *rows)
{
	size_t i;

	for (i = 0; i < rows->n; i++)
		free(rows->row[i].text);
	free(rows->row);
	free(rows->by_id);
}
