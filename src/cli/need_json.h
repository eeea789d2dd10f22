/* SPDX-License-Identifier: Apache-2.0 */
/* cli/need_json.h - a certificate that a product names, as JSON. */
#ifndef HF_CLI_NEED_JSON_H
#define HF_CLI_NEED_JSON_H

#include "base/json.h"
#include "crypto/cert.h"
#include "product/product.h"

/* Members of an open object: those every certificate has. `body` NULL: no copy
 * is at hand, and what the product's file does not know is null. */
void hf_json_need_cert(struct hf_json *json, const struct hf_need *need,
                       struct hf_cert *body);

#endif
