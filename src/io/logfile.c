/*
 * logfile.c - zlib's adapter: a log, plain or compressed by gzip.
 *
 * Inflates itself: zlib's gzread takes some files that were cut short for
 * whole ones (1.2.13).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "io/logfile.h"

#define PIECE	65536
#define GZIP	(15 + 16)	/* windowBits: gzip's header and no other */

struct reading {
	const char	*path;
	int		 fd;
	logfile_piece	*each;
	void		*arg;
	ssize_t		 n;		/* bytes in piece */
	char		 piece[PIECE];
};

/* How files begin that other programs have compressed. */
static const struct {
	const char	*magic;
	size_t		 len;
	const char	*unpack;
} others[] = {
	{ "\xfd" "7zXZ", 5, "xz -dk" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd -dk" },
	{ "BZh", 3, "bzip2 -dk" },
	{ "\x04\x22\x4d\x18", 4, "lz4 -dk" },
};

static enum err_code
next_piece(struct reading *r, struct err *e)
{
	do
		r->n = read(r->fd, r->piece, sizeof(r->piece));
	while (r->n == -1 && errno == EINTR);
	return r->n == -1 ? err_sys(e, "%s", r->path) : ERR_OK;
}

static enum err_code
read_plain(struct reading *r, struct err *e)
{
	enum err_code	rc = ERR_OK;
	size_t		i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if ((size_t)r->n >= others[i].len &&
		    memcmp(r->piece, others[i].magic, others[i].len) == 0)
			return err_set(e, ERR_INPUT, "%s: compressed in a way "
			    "that sensed does not read; unpack it with `%s'",
			    r->path, others[i].unpack);
	while (rc == ERR_OK && r->n > 0) {
		r->each(r->arg, r->piece, (size_t)r->n);
		rc = next_piece(r, e);
	}
	return rc;
}

/* Unpacks one piece; *result is zlib's last word. */
static void
inflate_piece(struct reading *r, z_stream *z, int *result)
{
	char out[PIECE];

	z->next_in = (unsigned char *)r->piece;
	z->avail_in = (unsigned int)r->n;
	do {
		/* logs that were joined: another member begins */
		if (*result == Z_STREAM_END && inflateReset(z) != Z_OK)
			break;
		z->next_out = (unsigned char *)out;
		z->avail_out = sizeof(out);
		*result = inflate(z, Z_NO_FLUSH);
		r->each(r->arg, out, sizeof(out) - z->avail_out);
	} while ((*result == Z_OK || *result == Z_STREAM_END) &&
	    (z->avail_in > 0 || z->avail_out == 0));
}

static enum err_code
read_gzip(struct reading *r, struct err *e)
{
	z_stream	z;
	enum err_code	rc = ERR_OK;
	int		result = Z_OK;

	memset(&z, 0, sizeof(z));
	if (inflateInit2(&z, GZIP) != Z_OK)
		return err_set(e, ERR_SYS, "%s: zlib does not start", r->path);
	while (rc == ERR_OK && r->n > 0) {
		inflate_piece(r, &z, &result);
		if (result != Z_OK && result != Z_STREAM_END &&
		    result != Z_BUF_ERROR)
			break;
		rc = next_piece(r, e);
	}
	inflateEnd(&z);
	if (rc == ERR_OK && result != Z_STREAM_END)
		rc = err_set(e, ERR_CORRUPT, "%s: the compressed file is "
		    "damaged or not whole", r->path);
	return rc;
}

enum err_code
logfile_read(const char *path, logfile_piece *each, void *arg, struct err *e)
{
	struct reading	r = { .path = path, .each = each, .arg = arg };
	enum err_code	rc;

	r.fd = strcmp(path, LOGFILE_STDIN) == 0 ? dup(STDIN_FILENO) :
	    open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (r.fd == -1 && errno == ENOENT)
		return err_set(e, ERR_ABSENT, "%s: no such file", path);
	if (r.fd == -1)
		return err_sys(e, "%s", path);
	rc = next_piece(&r, e);
	if (rc == ERR_OK && r.n >= 2 && memcmp(r.piece, "\x1f\x8b", 2) == 0)
		rc = read_gzip(&r, e);
	else if (rc == ERR_OK)
		rc = read_plain(&r, e);
	close(r.fd);
	return rc;
}
