/*
 * itnote.c - the values behind the note to the IT desk.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/view.h"
#include "io/itnote.h"
#include "io/template.h"
#include "io/url.h"

static void
add_host(struct view *to, const char *key, const char *text)
{
	struct url	 u;
	char		*host;

	if (!url_parse(text, &u))
		return;		/* the configuration has refused it */
	host = mem_dup(u.host, u.host_len);
	view_text(to, key, host);
	free(host);
}

static struct view *
note_view(const struct conf *c, const char *lang)
{
	const struct site	*site = &c->site;
	const char		*at = strrchr(site->return_path, '@');
	struct view		*v = view_new(), *list;
	size_t			 i;

	view_text(v, "lang", lang);
	view_text(v, "organisation", site->organisation);
	view_text(v, "from", site->from.address);
	view_textf(v, "return_path", "%.*s+...%s",
	    (int)(at - site->return_path), site->return_path, at);
	view_text(v, "base_url", site->base_url);
	add_host(v, "host", site->base_url);
	view_text(v, "state_dir", c->state_dir);
	view_text(v, "selector", c->mail.dkim_selector);
	list = view_list(v, "relays");
	for (i = 0; i < c->mail.n_relays; i++)
		add_host(view_item(list), "relay", c->mail.relay[i]);
	return v;
}

enum err_code
itnote_render(const struct conf *c, size_t lang, struct buf *out,
    struct err *e)
{
	const char		*code = c->site.langs.code[lang];
	struct templates	*t = templates_new(c->templates);
	struct view		*v = note_view(c, code);
	enum err_code		 rc;

	rc = templates_render(t, code, "it_note.text", v, ESCAPE_NONE, out, e);
	view_free(v);
	templates_free(t);
	return rc;
}
