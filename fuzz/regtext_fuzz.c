/* SPDX-License-Identifier: Apache-2.0 */
/* regtext_fuzz.c - a .reg file is saved as it was, and comes back. */
#include "registry_back.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return check_registry(HF_REGISTRY_REG, hf_view(data, size));
}
