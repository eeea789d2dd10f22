/* SPDX-License-Identifier: Apache-2.0 */
/* keychain_fuzz.c - a macOS keychain: records lie in the file, and all of them
 * together are no larger than it. */
#include "fuzz.h"
#include "store/kych.h"

struct seen {
    struct hf_view file;
    size_t count, bytes;
};

static void lies_in(struct hf_view part, struct hf_view whole)
{
    HF_PROMISE(part.len == 0 ||
               (part.ptr >= whole.ptr && part.len <= whole.len &&
                (size_t)(part.ptr - whole.ptr) <= whole.len - part.len));
}

static int see(void *user, const struct hf_kych_record *record,
               struct hf_err *err)
{
    struct seen *seen = user;

    (void)err;
    HF_PROMISE(!record->fault || record->der.len + record->label.len == 0);
    lies_in(record->der, seen->file);
    lies_in(record->label, seen->file);
    seen->bytes += record->der.len;
    seen->count++;
    HF_PROMISE(seen->bytes <= seen->file.len);
    HF_PROMISE(seen->count <= seen->file.len / 60);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen seen = { .file = hf_view(data, size) };
    struct hf_kych_about about = { 0 };
    struct hf_err err = { 0 };

    if (hf_kych_read(seen.file, see, &seen, &about, &err) < 0)
        HF_PROMISE(err.n > 0);
    HF_PROMISE(about.present == seen.count);
    return 0;
}
