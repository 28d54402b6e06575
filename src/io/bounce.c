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

/* OpenSMTPD's reports are multipart/mixed, and right but for that. */
static bool
is_mixed_report(GMimeObject *o)
{
	int i, n = g_mime_multipart_get_count(GMIME_MULTIPART(o));

	for (i = 0; i < n; i++)
		if (is_status(g_mime_multipart_get_part(GMIME_MULTIPART(o), i),
		    &kinds[0]))
			return true;
	return false;
}

static const struct kind *
kind_of(GMimeObject *o)
{
	GMimeContentType	*t = g_mime_object_get_content_type(o);
	const char		*report;
	size_t			 i;

	if (!GMIME_IS_MULTIPART(o))
		return NULL;
	if (g_mime_content_type_is_type(t, "multipart", "mixed"))
		return is_mixed_report(o) ? &kinds[0] : NULL;
	if (!g_mime_content_type_is_type(t, "multipart", "report"))
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

/* The bytes of a part, a NUL behind them; the caller unrefs the stream. */
static GByteArray *
content_of(GMimeObject *o, GMimeStream **s)
{
	GMimeDataWrapper	*content;
	GByteArray		*b;

	*s = g_mime_stream_mem_new();
	content = g_mime_part_get_content(GMIME_PART(o));
	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, *s);
	b = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(*s));
	g_byte_array_append(b, (const guint8 *)"", 1);
	return b;
}

/* notice: the part before it that people read, or NULL. */
static void
read_status(GMimeObject *o, GMimeObject *notice, const struct kind *k,
    const char *return_path, struct returned *r)
{
	GMimeStream	*s, *of_notice = NULL;
	GByteArray	*b = content_of(o, &s);
	const char	*text = (const char *)b->data, *words = "";
	char		 from[BOUNCE_FIELD];

	if (notice != NULL)
		words = (const char *)content_of(notice, &of_notice)->data;
	if (k->complaint) {
		r->class = bounce_feedback(text, b->len - 1, from);
		take_ids(from, return_path, r);
	} else
		r->class = bounce_status(text, b->len - 1, words);
	g_object_unref(s);
	if (of_notice != NULL)
		g_object_unref(of_notice);
}

static bool
is_notice(GMimeObject *o)
{
	return GMIME_IS_PART(o) && g_mime_content_type_is_type(
	    g_mime_object_get_content_type(o), "text", "plain");
}

static void
read_message(GMimeMessage *m, const char *return_path, struct returned *r)
{
	GMimeObject		*report, *part, *notice = NULL;
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
			read_status(part, notice, k, return_path, r);
			return;
		}
		if (notice == NULL && is_notice(part))
			notice = part;
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
