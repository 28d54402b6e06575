/*
 * test_address.c - mail addresses, and the names before them.
 *
 * STANDARDS M4: nothing that could end an SMTP command or a header passes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/address.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

#define SIXTY	"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd" \
		"eeeeeeeeeeffffffffff"

static const struct {
	const char	*name, *address;
	bool		 valid;
} addresses[] = {
	{ "an ordinary address", "ann@taf.example", true },
	{ "dots, plus and digits", "a.b+c-1@x1.taf-y.example", true },
	{ "every atom character", "!#$%&'*+-/=?^_`{|}~@a.example", true },
	{ "capitals", "Ann.Lee@TAF.Example", true },
	{ "a domain of one label", "root@localhost", true },
	{ "a local part in UTF-8", "si\xc3\xa2n@taf.example", true },
	{ "a domain in UTF-8", "ann@t\xc3\xa2" "f.example", true },
	{ "a domain as A-label", "ann@xn--tf-2ia.example", true },
	{ "64 bytes before the @", SIXTY "1234@taf.example", true },
	{ "63 bytes in a label", "a@" SIXTY "123.example", true },
	{ "254 bytes", SIXTY "1234@" SIXTY "." SIXTY "." SIXTY ".abcdef",
	    true },
	{ "255 bytes", SIXTY "1234@" SIXTY "." SIXTY "." SIXTY ".abcdefg",
	    false },
	{ "65 bytes before the @", SIXTY "12345@taf.example", false },
	{ "64 bytes in a label", "a@" SIXTY "1234.example", false },
	{ "nothing", "", false },
	{ "no @", "ann", false },
	{ "nothing before the @", "@taf.example", false },
	{ "nothing behind the @", "ann@", false },
	{ "two @", "ann@lee@taf.example", false },
	{ "a dot first", ".ann@taf.example", false },
	{ "a dot last", "ann.@taf.example", false },
	{ "two dots", "ann..lee@taf.example", false },
	{ "a dot first in the domain", "ann@.example", false },
	{ "a dot last in the domain", "ann@taf.example.", false },
	{ "two dots in the domain", "ann@taf..example", false },
	{ "a hyphen first in a label", "ann@-taf.example", false },
	{ "a hyphen last in a label", "ann@taf-.example", false },
	{ "a hyphen last", "ann@taf.example-", false },
	{ "a hyphen first in the last label", "ann@taf.-example", false },
	{ "an underscore in the domain", "ann@t_f.example", false },
	{ "a quoted local part", "\"ann lee\"@taf.example", false },
	{ "an address literal", "ann@[127.0.0.1]", false },
	{ "angle brackets", "<ann@taf.example>", false },
	{ "two addresses", "ann@taf.example,bob@taf.example", false },
	{ "a comment", "ann(x)@taf.example", false },
	{ "a backslash", "ann\\@taf.example", false },
	{ "a space before", " ann@taf.example", false },
	{ "a space behind", "ann@taf.example ", false },
	{ "a space within", "ann lee@taf.example", false },
	{ "a command behind CR LF",
	    "ann@taf.example\r\nRCPT TO:<x@y.example>", false },
	{ "a lone LF at the end", "ann@taf.example\n", false },
	{ "a tab", "ann@taf.example\t", false },
	{ "a control character of C1", "ann\xc2\x85@taf.example", false },
	{ "a line separator", "ann\xe2\x80\xa8@taf.example", false },
	{ "a no-break space", "ann@taf.example\xc2\xa0", false },
	{ "a zero-width space", "ann\xe2\x80\x8b@taf.example", false },
	{ "a right-to-left override", "\xe2\x80\xae" "ann@taf.example",
	    false },
	{ "a byte order mark", "\xef\xbb\xbf" "ann@taf.example", false },
	{ "an ideographic space", "ann\xe3\x80\x80@taf.example", false },
	{ "no UTF-8", "ann\xff@taf.example", false },
	{ "a character cut short", "ann@taf.\xc3", false },
};

static void
test_valid(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < N(addresses); i++) {
		print_message("  M4: %s\n", addresses[i].name);
		assert_int_equal(address_valid(addresses[i].address),
		    addresses[i].valid);
	}
}

static void
test_canonical(void **state)
{
	static const struct {
		const char *in, *out;
	} c[] = {
		{ "Ann.LEE@Taf.Example", "ann.lee@taf.example" },
		{ "AZ[@`az{", "az[@`az{" },
		{ "\xc3\x82NN@taf.example", "\xc3\x82nn@taf.example" },
		{ "", "" },
	};
	size_t	 i;
	char	*s;

	(void)state;
	for (i = 0; i < N(c); i++) {
		s = address_canonical(c[i].in);
		assert_string_equal(s, c[i].out);
		free(s);
	}
}

/* address NULL: not a mailbox. */
static const struct {
	const char *text, *name, *address;
} mailboxes[] = {
	{ "Carys Morgan <pulse@taf.example>", "Carys Morgan",
	    "pulse@taf.example" },
	{ "pulse@taf.example", "", "pulse@taf.example" },
	{ "<pulse@taf.example>", "", "pulse@taf.example" },
	{ "  Carys  Morgan   <pulse@taf.example>  ", "Carys  Morgan",
	    "pulse@taf.example" },
	{ "Carys<pulse@taf.example>", "Carys", "pulse@taf.example" },
	{ "J. O'Hara (HR) <x@taf.example>", "J. O'Hara (HR)",
	    "x@taf.example" },
	{ "Si\xc3\xa2n \xe6\xbc\xa2 <x@taf.example>",
	    "Si\xc3\xa2n \xe6\xbc\xa2", "x@taf.example" },
	{ "\"Morgan, Carys\" <x@taf.example>", "Morgan, Carys",
	    "x@taf.example" },
	{ "\"A \\\"B\\\" \\\\\" <x@taf.example>", "A \"B\" \\",
	    "x@taf.example" },
	{ "\"<y@z.example>\"<x@taf.example>", "<y@z.example>",
	    "x@taf.example" },
	{ "\"\" <x@taf.example>", "", "x@taf.example" },
	{ "", NULL, NULL },
	{ "Carys", NULL, NULL },
	{ "Carys <>", NULL, NULL },
	{ "Carys <x@taf.example", NULL, NULL },
	{ "Carys x@taf.example", NULL, NULL },
	{ "Carys <x@taf.example> Morgan", NULL, NULL },
	{ "Carys <x@taf.example>>", NULL, NULL },
	{ "Carys < x@taf.example>", NULL, NULL },
	{ "Morgan, Carys <x@taf.example>", NULL, NULL },
	{ "x@taf.example, y@taf.example", NULL, NULL },
	{ "a@b.example <x@taf.example>", NULL, NULL },
	{ "Staff: x@taf.example;", NULL, NULL },
	{ "\"Carys <x@taf.example>", NULL, NULL },
	{ "\"Carys\\\" <x@taf.example>", NULL, NULL },
	{ "\"Carys\\", NULL, NULL },
	{ "\"Carys\" Morgan <x@taf.example>", NULL, NULL },
	{ "Carys\r\nBcc: y@z.example <x@taf.example>", NULL, NULL },
	{ "Carys\t<x@taf.example>", NULL, NULL },
	{ "Carys\xff <x@taf.example>", NULL, NULL },
};

static void
test_mailbox(void **state)
{
	struct mailbox	m;
	size_t		i;
	bool		ok;

	(void)state;
	for (i = 0; i < N(mailboxes); i++) {
		print_message("  row %zu\n", i);
		m.name = m.address = NULL;
		ok = mailbox_parse(mailboxes[i].text, &m);
		assert_int_equal(ok, mailboxes[i].address != NULL);
		if (ok) {
			assert_string_equal(m.name, mailboxes[i].name);
			assert_string_equal(m.address, mailboxes[i].address);
		} else
			assert_true(m.name == NULL && m.address == NULL);
		mailbox_wipe(&m);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_canonical),
		cmocka_unit_test(test_mailbox),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
