/*
 * conf.c - the table of keys, and what is checked when all are read.
 *
 * One row a key: name, kind, range, default.  etc/sensed.conf documents each
 * of them; a row added here is added there.  Reads the configuration and the
 * files that it names, nothing else: whether a zone, a relay or a template
 * works is found by its user, or by `sensectl check`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "io/conf_parts.h"
#include "io/file.h"

#define NAME_MAX_BYTES	200
#define SUPPORT_MAX	20
#define SELECTOR_MAX	63
#define AT(member)	offsetof(struct conf, member)

static key_reader read_languages, read_support, check_exists;

static const char *const tls_words[] = { "auto", "require", "none", NULL };
static const char *const protect_words[] = { "suppress", "carry", NULL };

static const struct key organisation_keys[] = {
	{ .name = "name", .kind = KEY_TEXT, .required = true,
	    .at = AT(site.organisation), .min = 1, .max = NAME_MAX_BYTES,
	    .expected = "the organisation's name" },
	{ .name = "operator", .kind = KEY_TEXT, .at = AT(operator_address),
	    .max = ADDRESS_MAX, .read = conf_read_operator },
	{ .name = NULL }
};

/* return_path needs from; it comes after it. */
static const struct key mail_keys[] = {
	{ .name = "relay", .kind = KEY_OTHER, .read = conf_read_relays },
	{ .name = "tls", .kind = KEY_WORD, .at = AT(mail.tls),
	    .number = TLS_AUTO, .words = tls_words },
	{ .name = "user", .kind = KEY_TEXT, .at = AT(mail.user),
	    .max = NAME_MAX_BYTES },
	{ .name = "password_file", .kind = KEY_FILE,
	    .at = AT(mail.password_file) },
	{ .name = "from", .kind = KEY_OTHER, .required = true,
	    .expected = "\"Name <address>\" of the person who asks",
	    .read = conf_read_from },
	{ .name = "reply_to", .kind = KEY_TEXT, .at = AT(site.reply_to),
	    .max = ADDRESS_MAX, .read = conf_read_reply_to },
	{ .name = "return_path", .kind = KEY_OTHER,
	    .read = conf_read_return_path },
	{ .name = "connections", .kind = KEY_NUMBER,
	    .at = AT(mail.connections), .min = 1, .max = 64, .number = 4 },
	{ .name = "per_minute", .kind = KEY_NUMBER, .at = AT(mail.per_minute),
	    .max = 1000000 },
	{ .name = "per_domain", .kind = KEY_NUMBER, .at = AT(mail.per_domain),
	    .max = 1000000 },
	{ .name = "dkim_selector", .kind = KEY_TEXT,
	    .at = AT(mail.dkim_selector), .max = SELECTOR_MAX },
	{ .name = "answer_links", .kind = KEY_OTHER,
	    .read = conf_read_answer_links },
	{ .name = NULL }
};

static const struct key web_keys[] = {
	{ .name = "base_url", .kind = KEY_OTHER, .required = true,
	    .expected = "the URL of the pages, \"https://...\"",
	    .read = conf_read_base_url },
	{ .name = "workers", .kind = KEY_NUMBER, .at = AT(workers),
	    .max = 1024 },
	{ .name = NULL }
};

static const struct key privacy_keys[] = {
	{ .name = "min_group", .kind = KEY_NUMBER, .at = AT(min_group),
	    .min = 5, .max = 100, .number = 10 },
	{ .name = "protect", .kind = KEY_WORD, .at = AT(protect),
	    .number = PROTECT_SUPPRESS, .words = protect_words },
	{ .name = "keep_years", .kind = KEY_NUMBER, .at = AT(site.keep_years),
	    .min = 1, .max = 50, .number = 5 },
	{ .name = "comments_reader", .kind = KEY_OTHER,
	    .read = conf_read_reader },
	{ .name = "lawful_basis", .kind = KEY_TEXT,
	    .at = AT(site.lawful_basis), .max = CONF_TEXT_MAX },
	{ .name = "contact", .kind = KEY_TEXT, .at = AT(site.contact),
	    .max = CONF_TEXT_MAX },
	{ .name = "server_control", .kind = KEY_TEXT,
	    .at = AT(site.server_control), .max = CONF_TEXT_MAX },
	{ .name = NULL }
};

/* Surveys need the languages; they come after them. */
static const struct key root_keys[] = {
	{ .name = "organisation", .kind = KEY_GROUP,
	    .keys = organisation_keys },
	{ .name = "state_dir", .kind = KEY_FILE, .at = AT(state_dir),
	    .min = 1, .text = "/var/lib/sensed" },
	{ .name = "templates", .kind = KEY_FILE, .at = AT(templates),
	    .min = 1, .text = SENSED_TEMPLATES,
	    .read = check_exists },
	{ .name = "timezone", .kind = KEY_TEXT, .at = AT(timezone),
	    .min = 1, .max = 64, .text = "Europe/London" },
	{ .name = "languages", .kind = KEY_OTHER, .read = read_languages },
	{ .name = "mail", .kind = KEY_GROUP, .keys = mail_keys },
	{ .name = "web", .kind = KEY_GROUP, .keys = web_keys },
	{ .name = "privacy", .kind = KEY_GROUP, .keys = privacy_keys },
	{ .name = "support", .kind = KEY_OTHER, .read = read_support },
	{ .name = "surveys", .kind = KEY_OTHER, .required = true,
	    .expected = "at least one survey", .read = conf_read_surveys },
	{ .name = NULL }
};

static enum err_code
check_exists(const struct setting *s, void *base, struct err *e)
{
	const struct conf *c = base;

	if (file_exists(c->templates))
		return ERR_OK;
	return setting_refuse(s, e, "is %s, which is not there, expected an "
	    "existing folder", c->templates);
}

static enum err_code
read_language(const struct setting *s, struct langs *l, struct err *e)
{
	enum err_code	 rc;
	char		*code;

	rc = setting_text(s, LANG_LEN, LANG_LEN, &code, e);
	if (rc != ERR_OK)
		return rc;
	if (strspn(code, "abcdefghijklmnopqrstuvwxyz") != LANG_LEN)
		rc = setting_refuse(s, e, "holds what is no language, "
		    "expected two small letters such as \"en\"");
	else if (langs_find(l, code) != l->n)
		rc = setting_refuse(s, e, "names a language twice, expected "
		    "each once");
	else
		memcpy(l->code[l->n++], code, LANG_LEN + 1);
	free(code);
	return rc;
}

static enum err_code
read_languages(const struct setting *s, void *base, struct err *e)
{
	struct langs	*l = &((struct conf *)base)->site.langs;
	enum err_code	 rc;
	size_t		 i;

	if (s == NULL) {
		l->n = 1;
		memcpy(l->code[0], "en", LANG_LEN + 1);
		return ERR_OK;
	}
	if ((rc = setting_want(s, SETTING_ARRAY, e)) != ERR_OK)
		return rc;
	if (setting_count(s) < 1 || setting_count(s) > LANGS_MAX)
		return setting_refuse(s, e, "names %zu languages, expected "
		    "1 to %d", setting_count(s), LANGS_MAX);
	for (i = 0; i < setting_count(s) && rc == ERR_OK; i++)
		rc = read_language(setting_at(s, i), l, e);
	return rc;
}

/* "2026-11-01": the form alone, not whether the day exists in its month. */
static enum err_code
check_checked(const struct setting *s, void *base, struct err *e)
{
	const char	*d = ((struct support *)base)->checked;
	uint64_t	 v;

	if (strlen(d) == 10 && d[4] == '-' && d[7] == '-' &&
	    num_parse(d, 4, 2000, 9999, &v) && num_parse(d + 5, 2, 1, 12, &v) &&
	    num_parse(d + 8, 2, 1, 31, &v))
		return ERR_OK;
	return setting_refuse(s, e, "is no date, expected one such as "
	    "\"2026-11-01\"");
}

static const struct key support_keys[] = {
	{ .name = "name", .kind = KEY_TEXT, .required = true,
	    .at = offsetof(struct support, name), .min = 1,
	    .max = NAME_MAX_BYTES, .expected = "who listens" },
	{ .name = "contact", .kind = KEY_TEXT, .required = true,
	    .at = offsetof(struct support, contact), .min = 1,
	    .max = NAME_MAX_BYTES, .expected = "a number or an address" },
	{ .name = "checked", .kind = KEY_TEXT, .required = true,
	    .at = offsetof(struct support, checked), .max = CONF_TEXT_MAX,
	    .expected = "the day somebody tried the contact",
	    .read = check_checked },
	{ .name = NULL }
};

enum err_code
conf_read_support(const struct setting *s, struct support **out, size_t *n_out,
    struct err *e)
{
	enum err_code	 rc;
	size_t		 n, i;

	if (s == NULL)
		return ERR_OK;
	if ((rc = setting_want(s, SETTING_LIST, e)) != ERR_OK)
		return rc;
	if ((n = setting_count(s)) > SUPPORT_MAX)
		return setting_refuse(s, e, "has %zu contacts, expected at "
		    "most %d", n, SUPPORT_MAX);
	*out = mem_zero(n, sizeof(**out));
	*n_out = n;
	for (i = 0; i < n && rc == ERR_OK; i++) {
		rc = setting_want(setting_at(s, i), SETTING_GROUP, e);
		if (rc == ERR_OK)
			rc = keys_read(support_keys, setting_at(s, i),
			    setting_at(s, i), "", &(*out)[i], e);
	}
	return rc;
}

static enum err_code
read_support(const struct setting *s, void *base, struct err *e)
{
	struct site *site = &((struct conf *)base)->site;

	return conf_read_support(s, &site->support, &site->n_support, e);
}

static enum err_code
read_root(const struct setting *root, struct conf *c, struct err *e)
{
	enum err_code	rc;
	size_t		i;

	rc = keys_read(root_keys, root, root, "", c, e);
	if (rc == ERR_OK)
		rc = conf_check_mail(root, c, e);
	c->site.min_group = c->min_group;
	for (i = 0; rc == ERR_OK && i < c->n_surveys; i++)
		conf_survey_site(c, &c->survey[i]);
	return rc;
}

enum err_code
conf_read(const char *path, struct conf *out, struct err *e)
{
	enum err_code	 rc;
	struct settings	*file;
	struct conf	 c = { .n_surveys = 0 };

	rc = settings_load(path, &file, e);
	if (rc != ERR_OK)
		return rc;
	rc = read_root(settings_root(file), &c, e);
	settings_free(&file);
	if (rc != ERR_OK)
		conf_wipe(&c);
	else
		*out = c;
	return rc;
}

void
conf_support_wipe(struct support *support, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		free(support[i].name);
		free(support[i].contact);
		free(support[i].checked);
	}
	free(support);
}

static void
wipe_site(struct site *s)
{
	conf_support_wipe(s->support, s->n_support);
	free(s->organisation);
	free(s->base_url);
	mailbox_wipe(&s->from);
	mailbox_wipe(&s->reader);
	free(s->reply_to);
	free(s->return_path);
	free(s->lawful_basis);
	free(s->contact);
	free(s->server_control);
}

void
conf_wipe(struct conf *c)
{
	size_t i;

	wipe_site(&c->site);
	free(c->state_dir);
	free(c->templates);
	free(c->timezone);
	free(c->operator_address);
	for (i = 0; i < c->mail.n_relays; i++)
		free(c->mail.relay[i]);
	free(c->mail.user);
	free(c->mail.password_file);
	free(c->mail.dkim_selector);
	for (i = 0; i < c->n_surveys; i++)
		conf_survey_wipe(&c->survey[i]);
	memset(c, 0, sizeof(*c));
}

const struct conf_survey *
conf_survey(const struct conf *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n_surveys; i++)
		if (strcmp(c->survey[i].name, name) == 0)
			return &c->survey[i];
	return NULL;
}

const struct site *
conf_site(const struct conf *c, const char *survey)
{
	const struct conf_survey *s = conf_survey(c, survey);

	return s != NULL ? &s->site : &c->survey[0].site;
}
