/* SPDX-License-Identifier: Apache-2.0 */
/* product/read.h - a product out of a YAML tree; private to product/. */
#ifndef HF_PRODUCT_READ_H
#define HF_PRODUCT_READ_H

#include "doc/yaml.h"
#include "product/product.h"

#define HF_PRODUCT_ITEMS_MAX 256 /* in one list; ours: our longest has 22 */

/* collect  NULL: stop at the first fault. Else every fault goes there, and the
 *          product that comes back may be incomplete: texts that are NULL,
 *          certificates without a hash. */
HF_MUST_USE int hf_product_read(const struct hf_yaml *doc, const char *id,
                                const struct hf_yaml_collect *collect,
                                struct hf_product **ret_product,
                                struct hf_err *err);

#endif
