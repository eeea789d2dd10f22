/* SPDX-License-Identifier: Apache-2.0 */
/* cli/show_cert.h - certificates on a screen. */
#ifndef HF_CLI_SHOW_CERT_H
#define HF_CLI_SHOW_CERT_H

#include "cli/cli.h"
#include "crypto/cert.h"

/* One line: end, key, first bytes of the SHA-256, name; expired ones marked. */
void hf_show_cert_heading(struct hf_session *s);
void hf_show_cert_line(struct hf_session *s, struct hf_cert *cert);

/* Everything a person compares: names, serial, dates, both hashes. `where` may
 * be NULL. */
void hf_show_cert(struct hf_session *s, struct hf_cert *cert,
                  const char *where);

/* "    SHA-1    495847..." */
void hf_show_field(struct hf_session *s, const char *label, const char *value);

/* What an administrator types on Windows, macOS and Linux to see `name`. */
void hf_show_cert_commands(struct hf_session *s, struct hf_cert *cert,
                           const char *bundle);

/* An object in an open array: the certificate's members, "store", "where". */
void hf_json_stored_cert(struct hf_json *json, struct hf_cert *cert,
                         const char *store, const char *where);

#endif
