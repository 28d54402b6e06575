/*
 * pooled.js - Nodemailer with its pool of connections: the bench's peer.
 *
 * usage: node pooled.js PORT CONNECTIONS MAILS TEXTFILE HTMLFILE
 *
 * Each mail has the text and the HTML of one of ours; Nodemailer makes the
 * message of them, as an application that uses it would.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
"use strict";

const fs = require("fs");
const nodemailer = require("nodemailer");

const [port, connections, mails, textFile, htmlFile] = process.argv.slice(2);
const text = fs.readFileSync(textFile, "utf8");
const html = fs.readFileSync(htmlFile, "utf8");
const transport = nodemailer.createTransport({
	host: "127.0.0.1", port: Number(port), secure: false, ignoreTLS: true,
	pool: true, maxConnections: Number(connections), maxMessages: Infinity,
});

/* No more at once than the pool has connections, twice. */
async function worker(state) {
	while (state.next < state.all) {
		const i = state.next++;
		await transport.sendMail({
			from: "Carys Morgan <pulse@taf.example>",
			to: `Person ${i} <p${i}@taf.example>`,
			subject: "Six questions, two minutes", text, html,
		});
	}
}

async function main() {
	const state = { next: 0, all: Number(mails) };
	const workers = [];
	for (let i = 0; i < 2 * Number(connections); i++)
		workers.push(worker(state));
	await Promise.all(workers);
	transport.close();
}

main().catch((e) => {
	console.error(e.message);
	process.exit(1);
});
