/*
 * bounce.c - finds the report in a message, and whom it was sent to.
 *
 * Walks through parts of parts, but never into a message that is attached:
 * somebody else's bounce, sent on, is no bounce of ours.  Of the body nothing
 * is read but the one part that machines write for machines.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "base/mem.h"
#include "io/bounce.h"

/* Kinds of report, and the part of each that is read. */
static const struct kind {
	const char	*report, *part[2];	/* of message/ */
	bool		 complaint;
} kinds[] = {
	{ "delivery-status", { "delivery-status", "global-delivery-status" },
	    false },
	{ "feedback-report", { "feedback-report", NULL }, true },
};

/* Where the MTA says for whom a message came, the surest first. */
static const char *const recipients[] = {
	"Delivered-To", "X-Original-To", "Envelope-To", "To",
};

static void
take_ids(const char *text, const char *return_path, struct returned *r)
{
	while (text != NULL && r->n < RETURNED_IDS &&
	    (text = bounce_find(text, return_path, r->id[r->n])) != NULL)
		r->n++;
}

static void
take_recipients(GMimeMessage *m, const char *return_path, struct returned *r)
{
	GMimeHeaderList	*list = g_mime_object_get_header_list(
			    GMIME_OBJECT(m));
	GMimeHeader	*h;
	size_t		 i;
	int		 k;

	for (i = 0; i < sizeof(recipients) / sizeof(recipients[0]); i++)
		for (k = 0; k < g_mime_header_list_get_count(list); k++) {
			h = g_mime_header_list_get_header_at(list, k);
			if (strcasecmp(g_mime_header_get_name(h),
			    recipients[i]) == 0)
				take_ids(g_mime_header_get_raw_value(h),
				    return_path, r);
		}
}

static const struct kind *
kind_of(GMimeObject *o)
{
	GMimeContentType	*t = g_mime_object_get_content_type(o);
	const char		*report;
	size_t			 i;

	if (!GMIME_IS_MULTIPART(o) ||
	    !g_mime_content_type_is_type(t, "multipart", "report"))
		return NULL;
	report = g_mime_content_type_get_parameter(t, "report-type");
	for (i = 0; report != NULL && i < sizeof(kinds) / sizeof(kinds[0]);
	    i++)
		if (strcasecmp(report, kinds[i].report) == 0)
			return &kinds[i];
	return NULL;
}

/* The first report among the parts of parts; NULL: there is none. */
static GMimeObject *
find_report(GMimeObject *o, int depth)
{
	GMimeObject	*found = NULL;
	int		 i, n;

	if (o == NULL || depth > BOUNCE_DEPTH || kind_of(o) != NULL)
		return depth > BOUNCE_DEPTH ? NULL : o;
	if (!GMIME_IS_MULTIPART(o))
		return NULL;
	n = g_mime_multipart_get_count(GMIME_MULTIPART(o));
	for (i = 0; i < n && found == NULL; i++)
		found = find_report(g_mime_multipart_get_part(
		    GMIME_MULTIPART(o), i), depth + 1);
	return found;
}

static bool
is_status(GMimeObject *o, const struct kind *k)
{
	GMimeContentType	*t = g_mime_object_get_content_type(o);
	size_t			 i;

	if (!GMIME_IS_PART(o))
		return false;
	for (i = 0; i < sizeof(k->part) / sizeof(k->part[0]); i++)
		if (k->part[i] != NULL &&
		    g_mime_content_type_is_type(t, "message", k->part[i]))
			return true;
	return false;
}

static void
read_status(GMimeObject *o, const struct kind *k, const char *return_path,
    struct returned *r)
{
	GMimeStream	*s = g_mime_stream_mem_new();
	GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(o));
	char		 from[BOUNCE_FIELD];
	const char	*text;
	GByteArray	*b;

	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, s);
	b = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(s));
	text = b->len > 0 ? (const char *)b->data : "";
	if (k->complaint) {
		r->class = bounce_feedback(text, b->len, from);
		take_ids(from, return_path, r);
	} else
		r->class = bounce_status(text, b->len);
	g_object_unref(s);
}

static void
read_message(GMimeMessage *m, const char *return_path, struct returned *r)
{
	GMimeObject		*report, *part;
	const struct kind	*k;
	int			 i, n;

	report = find_report(g_mime_message_get_mime_part(m), 1);
	if (report == NULL)
		return;
	take_recipients(m, return_path, r);
	k = kind_of(report);
	n = g_mime_multipart_get_count(GMIME_MULTIPART(report));
	for (i = 0; i < n; i++) {
		part = g_mime_multipart_get_part(GMIME_MULTIPART(report), i);
		if (is_status(part, k)) {
			read_status(part, k, return_path, r);
			return;
		}
	}
}

/* The one error of glib's is want of memory; its warnings say nothing to us,
 * and may quote the message. */
static void
on_log(const gchar *domain, GLogLevelFlags level, const gchar *words,
    gpointer arg)
{
	(void)domain;
	(void)words;
	(void)arg;
	if ((level & G_LOG_LEVEL_ERROR) != 0)
		mem_exhausted();
}

void
bounce_start(void)
{
	g_log_set_default_handler(on_log, NULL);
	g_mime_init();
}

void
bounce_read(const void *data, size_t len, const char *return_path,
    struct returned *r)
{
	GMimeStream	*s;
	GMimeParser	*parser;
	GMimeMessage	*m;

	memset(r, 0, sizeof(*r));
	if (len > BOUNCE_BYTES)
		len = BOUNCE_BYTES;
	s = g_mime_stream_mem_new_with_buffer(data, len);
	parser = g_mime_parser_new_with_stream(s);
	m = g_mime_parser_construct_message(parser, NULL);
	if (m != NULL) {
		read_message(m, return_path, r);
		g_object_unref(m);
	}
	g_object_unref(parser);
	g_object_unref(s);
}
