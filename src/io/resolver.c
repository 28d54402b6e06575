/*
 * resolver.c - the C library's resolver: questions out, values in.
 *
 * Parsing is the library's; what it finds is copied within our own limits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "io/resolver.h"

#define TRY_SECONDS	2
#define TRIES		2
#define SERVERS		2
#define ANSWER_MAX	65535
#define QUESTION_MAX	(NS_HFIXEDSZ + NS_MAXCDNAME + 64)
#define PORT_MAX	65535

struct resolver {
	struct __res_state	state;
	bool			silent;
	unsigned char		answer[ANSWER_MAX];
};

static const int types[DNS__MAX] = {
	[DNS_A] = ns_t_a, [DNS_AAAA] = ns_t_aaaa, [DNS_MX] = ns_t_mx,
	[DNS_TXT] = ns_t_txt, [DNS_PTR] = ns_t_ptr
};

static bool
use_server(struct resolver *r, const char *server)
{
	struct sockaddr_in	*to = &r->state.nsaddr_list[0];
	size_t			 n = strcspn(server, ":");
	uint64_t		 port = NS_DEFAULTPORT;
	char			*host = mem_dup(server, n);
	bool			 good;

	memset(to, 0, sizeof(*to));
	to->sin_family = AF_INET;
	good = inet_pton(AF_INET, host, &to->sin_addr) == 1 &&
	    (server[n] == '\0' || num_parse(server + n + 1,
	    strlen(server + n + 1), 1, PORT_MAX, &port));
	to->sin_port = htons((uint16_t)port);
	r->state.nscount = 1;
	free(host);
	return good;
}

enum err_code
resolver_open(const char *server, struct resolver **out, struct err *e)
{
	struct resolver *r = mem_zero(1, sizeof(*r));

	if (res_ninit(&r->state) == -1) {
		free(r);
		return err_set(e, ERR_SYS, "the resolver does not start; see "
		    "/etc/resolv.conf");
	}
	r->state.retrans = TRY_SECONDS;
	r->state.retry = TRIES;
	r->state.options |= RES_USE_EDNS0;
	if (r->state.nscount > SERVERS)
		r->state.nscount = SERVERS;
	if (server != NULL && !use_server(r, server)) {
		resolver_close(&r);
		return err_set(e, ERR_INPUT, "%s: expected the address of a "
		    "resolver, such as 192.0.2.1 or 192.0.2.1:53", server);
	}
	*out = r;
	return ERR_OK;
}

void
resolver_close(struct resolver **r)
{
	if (*r == NULL)
		return;
	res_nclose(&(*r)->state);
	free(*r);
	*r = NULL;
}

/* A name in a record, in text; NULL: malformed. */
static char *
name_at(const ns_msg *m, const unsigned char *p)
{
	char name[NS_MAXDNAME];

	if (ns_name_uncompress(ns_msg_base(*m), ns_msg_end(*m), p, name,
	    sizeof(name)) == -1)
		return NULL;
	return mem_str(name);
}

static bool
take(const ns_msg *m, const ns_rr *rr, enum dns_type type,
    struct dns_record *out)
{
	const unsigned char	*data = ns_rr_rdata(*rr);
	size_t			 len = ns_rr_rdlen(*rr);

	memset(out, 0, sizeof(*out));
	if ((int)ns_rr_type(*rr) != types[type] ||
	    ns_rr_class(*rr) != ns_c_in)
		return false;
	switch (type) {
	case DNS_A:
	case DNS_AAAA:
		out->address.len = type == DNS_A ? 4 : 16;
		if (len != out->address.len)
			return false;
		memcpy(out->address.byte, data, len);
		return true;
	case DNS_TXT:
		out->text = dns_text(data, len);
		return true;
	case DNS_MX:
		if (len < 3)
			return false;
		out->text = name_at(m, data + 2);
		return out->text != NULL;
	default:
		out->text = name_at(m, data);
		return out->text != NULL;
	}
}

static enum dns_end
read_answer(struct resolver *r, int len, enum dns_type type,
    struct dns_answer *out)
{
	ns_msg	m;
	ns_rr	rr;
	int	i, code;

	if (ns_initparse(r->answer, len, &m) == -1)
		return DNS_FAILED;
	code = ns_msg_getflag(m, ns_f_rcode);
	if (code == ns_r_nxdomain)
		return DNS_NONE;
	if (code != ns_r_noerror || ns_msg_getflag(m, ns_f_tc))
		return DNS_FAILED;
	for (i = 0; i < ns_msg_count(m, ns_s_an); i++) {
		if (ns_parserr(&m, ns_s_an, i, &rr) == -1)
			return DNS_FAILED;
		if (out->n < DNS_RECORDS &&
		    take(&m, &rr, type, &out->of[out->n]))
			out->n++;
	}
	return out->n > 0 ? DNS_FOUND : DNS_NONE;
}

enum dns_end
resolver_ask(void *arg, enum dns_type type, const char *name,
    struct dns_answer *out)
{
	struct resolver	*r = arg;
	unsigned char	 question[QUESTION_MAX];
	int		 n;

	out->n = 0;
	if (strlen(name) > DNS_NAME_MAX)
		return DNS_NONE;
	if (r->silent)
		return DNS_FAILED;
	n = res_nmkquery(&r->state, ns_o_query, name, ns_c_in, types[type],
	    NULL, 0, NULL, question, sizeof(question));
	if (n == -1)
		return DNS_NONE;	/* no name that can be asked for */
	n = res_nsend(&r->state, question, n, r->answer, sizeof(r->answer));
	if (n == -1) {
		r->silent = errno == ETIMEDOUT || errno == ECONNREFUSED ||
		    errno == ENETUNREACH || errno == EHOSTUNREACH;
		return DNS_FAILED;
	}
	return read_answer(r, n > ANSWER_MAX ? ANSWER_MAX : n, type, out);
}

bool
resolver_silent(const struct resolver *r)
{
	return r->silent;
}
