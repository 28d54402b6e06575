/*
 * password.c - the password that the relay wants.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "base/mem.h"
#include "io/file.h"
#include "prog/password.h"

#define FILE_MAX	1024	/* bytes */

/* Where systemd puts it; NULL: this process was given no credentials. */
static char *
credential(void)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	return dir != NULL ? mem_fmt("%s/smtp-password", dir) : NULL;
}

bool
password_hidden(const struct conf *c)
{
	char	*path;
	bool	 hidden;

	if (*c->mail.user == '\0' || *c->mail.password_file != '\0')
		return false;
	path = credential();
	hidden = path == NULL || !file_exists(path);
	free(path);
	return hidden;
}

/* Reads the file; its first line is the password. */
static enum err_code
first_line(const char *path, char **out, struct err *e)
{
	char		*data;
	size_t		 len;
	enum err_code	 rc;

	if ((rc = file_read(path, FILE_MAX, &data, &len, e)) != ERR_OK)
		return rc == ERR_ABSENT ? (e->code = ERR_INPUT) : rc;
	*out = mem_dup(data, strcspn(data, "\r\n"));
	crypt_wipe(data, len);
	free(data);
	return ERR_OK;
}

enum err_code
password_read(const struct conf *c, char **out, struct err *e)
{
	char		*path;
	enum err_code	 rc;

	*out = NULL;
	if (*c->mail.user == '\0')
		return ERR_OK;
	if (*c->mail.password_file != '\0') {
		rc = first_line(c->mail.password_file, out, e);
		if (rc != ERR_OK)
			err_prefix(e, "mail.password_file: ");
		return rc;
	}
	if (password_hidden(c))
		return err_set(e, ERR_INPUT, "mail.user is set: expected "
		    "mail.password_file or the credential smtp-password");
	path = credential();
	rc = first_line(path, out, e);
	free(path);
	return rc;
}

void
password_wipe(char *password)
{
	if (password == NULL)
		return;
	crypt_wipe(password, strlen(password));
	free(password);
}
