/*
 * csv.h - RFC 4180 files, row by row; libcsv's only user.
 *
 * Streams: memory does not grow with the file.  UTF-8 (a byte order mark is
 * skipped), header row required, column order free.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef SENSED_IO_CSV_H
#define SENSED_IO_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define CSV_FIELD_MAX	4096			/* bytes */
#define CSV_FILE_MAX	(512ULL << 20)		/* bytes */

struct csv_column {
	const char	*name;
	bool		 optional;	/* may be missing: field is "" */
};

/*
 * One row: field[i] belongs to column i; line is where the row begins.  An
 * error that the callback returns is prefixed with "FILE:LINE: ".
 */
typedef enum err_code csv_row(void *arg, const char *const *field,
		    unsigned int line, struct err *e);

/* Called now and then with the bytes read so far; may be NULL. */
typedef void	csv_progress(void *arg, uint64_t done, uint64_t size);

/*
 * Reads a file.  ERR_INPUT, "FILE:LINE: what is wrong, what was expected":
 * empty file, wrong or doubled header, row with too few or too many fields,
 * broken quoting, NUL, control character or bad UTF-8 in a field, field over
 * CSV_FIELD_MAX, file over CSV_FILE_MAX.  ERR_ABSENT, ERR_SYS.
 */
enum err_code	csv_read(const char *path, const struct csv_column *column,
		    size_t n, csv_row *row, csv_progress *progress, void *arg,
		    struct err *e) MUST_USE;

/*
 * The same, but goes on behind a row that is at fault: one of whose fields is,
 * which has too few or too many, or to which the callback said ERR_INPUT.
 * fault is called with what csv_read would have returned, and only then is
 * that no error here: the caller counts.  Behind broken quoting nobody can
 * tell where a row begins, so that ends it all the same.
 */
typedef void	csv_fault(void *arg, const struct err *e);
enum err_code	csv_read_on(const char *path, const struct csv_column *column,
		    size_t n, csv_row *row, csv_fault *fault,
		    csv_progress *progress, void *arg, struct err *e) MUST_USE;

#endif
