/*
 * csv.c - libcsv's adapter: rows with their line, or a refusal.
 *
 * libcsv parses; what it lets pass is refused here: a line break inside a
 * field, a lone CR (which it takes for the end of a row), a NUL, text that is
 * not UTF-8, fields without end.  Since a field never spans lines, a row is a
 * line, and the line number is a count of LFs.  The file is fed line by line,
 * in blocks, so that a refusal names the first line at fault.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csv.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "io/csv.h"

#define BLOCK		65536
#define COLUMNS_MAX	32

struct reader {
	const char		*path;
	const struct csv_column	*column;
	size_t			 n;		/* columns wanted */
	csv_row			*row;
	csv_fault		*fault;		/* NULL: the first ends it */
	void			*arg;
	struct csv_parser	 parser;
	unsigned int		 line;		/* being fed */
	bool			 content;	/* the line is not blank */
	bool			 cr;		/* the byte before was a CR */
	bool			 ended;		/* the line ended its row */
	bool			 header;	/* the header has been read */
	bool			 bad;		/* the row, by *e; goes on */
	size_t			 map[COLUMNS_MAX];	/* file's -> wanted */
	size_t			 columns;	/* in the file */
	size_t			 field;		/* fields of this row so far */
	size_t			 at[COLUMNS_MAX];	/* wanted -> in text */
	struct buf		 text;		/* fields, a NUL behind each */
	enum err_code		 rc;
	struct err		*e;
};

static void
refuse_words(struct reader *r, const char *fmt, va_list ap)
{
	char words[256];

	vsnprintf(words, sizeof(words), fmt, ap);
	r->rc = err_set(r->e, ERR_INPUT, "%s:%u: %s", r->path, r->line, words);
}

/* The file is at fault; what is said first stays. */
static void __attribute__((format(printf, 2, 3)))
refuse(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	if (r->rc != ERR_OK)
		return;
	va_start(ap, fmt);
	refuse_words(r, fmt, ap);
	va_end(ap);
}

/* What stands in r->e is of this row alone, if the others are wanted. */
static void
spare_others(struct reader *r)
{
	if (r->rc == ERR_INPUT && r->header && r->fault != NULL) {
		r->bad = true;
		r->rc = ERR_OK;
	}
}

static void __attribute__((format(printf, 2, 3)))
refuse_row(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	if (r->rc != ERR_OK || r->bad)
		return;
	va_start(ap, fmt);
	refuse_words(r, fmt, ap);
	va_end(ap);
	spare_others(r);
}

/* The name of the column that the next field is in. */
static const char *
column_name(const struct reader *r)
{
	return r->header && r->field < r->columns ?
	    r->column[r->map[r->field]].name : "header";
}

static void
check_field(struct reader *r, const char *s, size_t len)
{
	if (len > CSV_FIELD_MAX)
		refuse_row(r, "%s: %zu bytes, expected at most %d",
		    column_name(r), len, CSV_FIELD_MAX);
	else if (!utf8_valid(s, len))
		refuse_row(r, "%s: not UTF-8, expected UTF-8", column_name(r));
	else if (utf8_has_control(s, len))
		refuse_row(r, "%s: a line break or another control character, "
		    "expected plain text", column_name(r));
}

static void
header_field(struct reader *r, const char *s, size_t len)
{
	size_t i, j;

	for (i = 0; i < r->n; i++)
		if (strlen(r->column[i].name) == len &&
		    memcmp(r->column[i].name, s, len) == 0)
			break;
	if (i == r->n || r->columns == COLUMNS_MAX) {
		refuse(r, "column %zu of the header is unknown, expected one "
		    "of the columns that sensectl(8) names", r->columns + 1);
		return;
	}
	for (j = 0; j < r->columns; j++)
		if (r->map[j] == i)
			refuse(r, "column %s is in the header twice, expected "
			    "it once", r->column[i].name);
	r->map[r->columns++] = i;
}

static void
on_field(void *p, size_t len, void *arg)
{
	struct reader	*r = arg;
	const char	*s = p != NULL ? p : "";

	if (r->rc != ERR_OK || r->bad)
		return;
	check_field(r, s, len);
	if (r->rc != ERR_OK || r->bad)
		return;
	if (!r->header)
		header_field(r, s, len);
	else if (r->field < r->columns) {
		r->at[r->map[r->field]] = r->text.len;
		buf_add(&r->text, s, len);
		buf_addc(&r->text, '\0');
	}
	r->field++;
}

static bool
has_column(const struct reader *r, size_t wanted)
{
	size_t i;

	for (i = 0; i < r->columns; i++)
		if (r->map[i] == wanted)
			return true;
	return false;
}

static void
end_header(struct reader *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (!has_column(r, i) && !r->column[i].optional)
			refuse(r, "the header lacks column %s, expected it in "
			    "the first row", r->column[i].name);
	r->header = true;
}

static void
end_row(struct reader *r)
{
	const char	*field[COLUMNS_MAX];
	size_t		 i;

	if (r->field != r->columns) {
		refuse_row(r, "%zu fields, expected %zu as in the header",
		    r->field, r->columns);
		return;
	}
	for (i = 0; i < r->n; i++)
		field[i] = has_column(r, i) ? buf_str(&r->text) + r->at[i] : "";
	r->rc = r->row(r->arg, field, r->line, r->e);
	if (r->rc != ERR_OK)
		err_prefix(r->e, "%s:%u: ", r->path, r->line);
	spare_others(r);
}

static void
on_row(int end, void *arg)
{
	struct reader *r = arg;

	(void)end;
	r->ended = true;
	if (r->rc == ERR_OK && r->header && !r->bad)
		end_row(r);
	else if (r->rc == ERR_OK && !r->header)
		end_header(r);
	if (r->bad)
		r->fault(r->arg, r->e);
	r->bad = false;
	r->field = 0;
	buf_reset(&r->text);
}

/* Bytes that no line may hold, whatever is quoted. */
static void
check_bytes(struct reader *r, const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (r->cr && p[i] != '\n')
			refuse(r, "a carriage return without a line feed, "
			    "expected lines to end in LF or CR LF");
		if (p[i] == '\0')
			refuse(r, "a NUL, expected text");
		r->cr = p[i] == '\r';
		r->content |= (unsigned char)p[i] > ' ';
	}
}

/* Feeds a part of a line, its end included if it has one. */
static void
feed(struct reader *r, const char *p, size_t len)
{
	check_bytes(r, p, len);
	if (r->rc != ERR_OK)
		return;
	if (csv_parse(&r->parser, p, len, on_field, on_row, r) != len) {
		if (csv_error(&r->parser) == CSV_ENOMEM)
			r->rc = err_set(r->e, ERR_SYS, "out of memory");
		refuse(r, "a quote inside a field, expected it doubled and "
		    "the field in quotes");
	}
	if (csv_get_buffer_size(&r->parser) > 2 * BLOCK)
		refuse(r, "a field without end, expected at most %d bytes",
		    CSV_FIELD_MAX);
	if (r->rc != ERR_OK || p[len - 1] != '\n')
		return;
	if (r->content && !r->ended)
		refuse(r, "a line break inside a field, or a quote that is "
		    "not closed, expected each row on one line");
	r->line++;
	r->content = r->ended = false;
}

static void
feed_block(struct reader *r, const char *p, size_t len)
{
	const char	*lf;
	size_t		 n;

	for (; len > 0 && r->rc == ERR_OK; p += n, len -= n) {
		lf = memchr(p, '\n', len);
		n = lf != NULL ? (size_t)(lf - p) + 1 : len;
		feed(r, p, n);
	}
}

/* The last row may lack its LF. */
static void
finish(struct reader *r)
{
	if (r->rc != ERR_OK)
		return;
	if (r->cr)
		refuse(r, "a carriage return without a line feed, expected "
		    "lines to end in LF or CR LF");
	else if (csv_fini(&r->parser, on_field, on_row, r) != 0)
		refuse(r, "a quote that is not closed, expected each row on "
		    "one line");
	if (r->rc == ERR_OK && !r->header)
		refuse(r, "no header, expected the names of the columns");
}

static size_t
skip_mark(const char *p, size_t len)
{
	return len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static enum err_code
stream(struct reader *r, int fd, uint64_t size, csv_progress *progress)
{
	char		*block = mem_zero(BLOCK, 1);
	uint64_t	 done = 0;
	size_t		 skip;
	ssize_t		 n = 0;

	while (r->rc == ERR_OK && (n = read(fd, block, BLOCK)) > 0) {
		skip = done == 0 ? skip_mark(block, (size_t)n) : 0;
		feed_block(r, block + skip, (size_t)n - skip);
		done += (uint64_t)n;
		if (done > CSV_FILE_MAX)
			refuse(r, "the file grows while it is read");
		if (progress != NULL && r->rc == ERR_OK)
			progress(r->arg, done, size);
	}
	if (n == -1)
		r->rc = err_sys(r->e, "%s", r->path);
	finish(r);
	free(block);
	return r->rc;
}

static enum err_code
parse(struct reader *r, int fd, uint64_t size, csv_progress *progress)
{
	enum err_code rc;

	if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return err_set(r->e, ERR_SYS, "%s: libcsv does not start",
		    r->path);
	buf_init(&r->text, COLUMNS_MAX * (CSV_FIELD_MAX + 1));
	rc = stream(r, fd, size, progress);
	buf_wipe(&r->text);
	csv_free(&r->parser);
	return rc;
}

static enum err_code
read_file(struct reader *r, csv_progress *progress)
{
	const char	*path = r->path;
	struct err	*e = r->e;
	enum err_code	 rc;
	struct stat	 st;
	int		 fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) == -1) {
		if (errno == ENOENT)
			return err_set(e, ERR_ABSENT, "%s: no such file", path);
		return err_sys(e, "%s", path);
	}
	if (fstat(fd, &st) == -1)
		rc = err_sys(e, "%s", path);
	else if (!S_ISREG(st.st_mode))
		rc = err_set(e, ERR_INPUT, "%s:1: not a file, expected a file "
		    "of rows", path);
	else if (st.st_size == 0)
		rc = err_set(e, ERR_INPUT, "%s:1: empty, expected a header "
		    "and rows", path);
	else if ((uint64_t)st.st_size > CSV_FILE_MAX)
		rc = err_set(e, ERR_INPUT, "%s:1: %lld bytes, expected at "
		    "most %llu", path, (long long)st.st_size, CSV_FILE_MAX);
	else
		rc = parse(r, fd, (uint64_t)st.st_size, progress);
	close(fd);
	return rc;
}

enum err_code
csv_read(const char *path, const struct csv_column *column, size_t n,
    csv_row *row, csv_progress *progress, void *arg, struct err *e)
{
	return csv_read_on(path, column, n, row, NULL, progress, arg, e);
}

enum err_code
csv_read_on(const char *path, const struct csv_column *column, size_t n,
    csv_row *row, csv_fault *fault, csv_progress *progress, void *arg,
    struct err *e)
{
	struct reader r = { .path = path, .column = column, .n = n,
	    .row = row, .fault = fault, .arg = arg, .line = 1, .e = e };

	return read_file(&r, progress);
}
