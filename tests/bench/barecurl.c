/*
 * barecurl.c - the least that mails with libcurl: the bench's yardstick.
 *
 * usage: barecurl PORT THREADS MAILS FILE
 *
 * Each thread has one easy handle that keeps its connection, and sends the
 * same finished message to one address after the other.  No templates, no
 * tokens, no ledger: what libcurl alone costs.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <curl/curl.h>

#include "base/num.h"

#define THREADS_MAX	64
#define MESSAGE_MAX	(256 * 1024)

static char		url[64], message[MESSAGE_MAX];
static size_t		message_len;
static uint64_t		mails;
static atomic_ulong	next_mail;
static atomic_int	failed;

static size_t
give(char *to, size_t size, size_t n, void *arg)
{
	size_t	*at = arg, len = message_len - *at;

	if (len > size * n)
		len = size * n;
	memcpy(to, message + *at, len);
	*at += len;
	return len;
}

static CURLcode
send_one(CURL *curl, unsigned long i)
{
	struct curl_slist	*to;
	CURLcode		 rc;
	char			 address[64];
	size_t			 at = 0;

	snprintf(address, sizeof(address), "<p%lu@taf.example>", i);
	to = curl_slist_append(NULL, address);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_READDATA, &at);
	rc = curl_easy_perform(curl);
	curl_slist_free_all(to);
	return rc;
}

static void *
run(void *arg)
{
	CURL		*curl = curl_easy_init();
	unsigned long	 i;

	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, "<pulse@taf.example>");
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	while ((i = atomic_fetch_add(&next_mail, 1)) < mails)
		if (send_one(curl, i) != CURLE_OK)
			atomic_store(&failed, 1);
	curl_easy_cleanup(curl);
	return arg;
}

static int
load(const char *path)
{
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		return 0;
	message_len = fread(message, 1, sizeof(message), f);
	fclose(f);
	return message_len > 0 && message_len < sizeof(message);
}

int
main(int argc, char **argv)
{
	pthread_t	thread[THREADS_MAX];
	uint64_t	i, n;

	if (argc != 5 || !load(argv[4]))
		return EX_USAGE;
	snprintf(url, sizeof(url), "smtp://127.0.0.1:%s", argv[1]);
	if (!num_parse(argv[2], strlen(argv[2]), 1, THREADS_MAX, &n) ||
	    !num_parse(argv[3], strlen(argv[3]), 1, UINT32_MAX, &mails) ||
	    curl_global_init(CURL_GLOBAL_ALL) != 0)
		return EX_USAGE;
	for (i = 0; i < n; i++)
		if (pthread_create(&thread[i], NULL, run, NULL) != 0)
			return EX_OSERR;
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	return atomic_load(&failed) ? EX_UNAVAILABLE : 0;
}
