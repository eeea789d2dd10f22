/* SPDX-License-Identifier: Apache-2.0 */
/* win/regtext.c - regedit's text form of a registry, and Wine's. */
#include "win/regtext.h"

#include <stdlib.h>
#include <string.h>

#include "win/form.h"

#define NEW_FILE "Windows Registry Editor Version 5.00\r\n\r\n"

static void free_own(void *own)
{
    struct hf_regtext *reg = own;

    if (!reg)
        return;
    hf_script_done(&reg->script);
    free(reg);
}

static const struct hf_registry_ops ops = {
    .free = free_own,
    .has = hf_script_has,
    .keys = hf_script_keys,
    .values = hf_script_values,
    .get = hf_script_get,
    .set = hf_script_set,
    .unset = hf_script_unset,
    .drop = hf_script_drop,
    .tell_unset = hf_script_tell_unset,
    .save = hf_regtext_save,
};

static struct hf_regtext *make(struct hf_registry *registry)
{
    struct hf_regtext *reg = calloc(1, sizeof(*reg));

    registry->ops = &ops;
    registry->own = reg;
    if (reg) {
        reg->script.form = &hf_regtext_form;
        reg->script.forget = registry->read_only;
    }
    return reg;
}

int hf_regtext_read(struct hf_registry *registry, const char *shown,
                    struct hf_view bytes, struct hf_err *err)
{
    struct hf_regtext *reg = make(registry);
    struct hf_buf text;
    size_t len;

    if (!reg)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a registry");
    hf_buf_init(&text, HF_REGTEXT_MAX);
    if (hf_regcode_read(bytes, &text, &reg->code, err) < 0) {
        hf_buf_done(&text);
        return hf_err_code(err);
    }
    len = text.len;
    reg->script.text = (uint8_t *)hf_buf_steal(&text);
    if (!reg->script.text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for the text");
    if (hf_regtext_parse(reg, len, shown, &registry->mount, err) < 0)
        return hf_err_code(err);
    if (reg->part) {
        registry->incomplete = hf_view_dup(hf_view_text(
            "its first lines ('WINE REGISTRY Version 2') are missing"));
        if (!registry->incomplete)
            return HF_FAIL(err, HF_E_NOMEM, "no memory for a text");
    }
    if (reg->script.forget) {
        free(reg->script.text);
        reg->script.text = NULL;
    }
    return 0;
}

int hf_regtext_new(struct hf_registry *registry, struct hf_err *err)
{
    struct hf_regtext *reg = make(registry);
    struct hf_piece *piece;

    registry->mount = hf_view_dup(hf_view_text(""));
    if (!reg || !registry->mount)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a registry");
    reg->script.text = (uint8_t *)hf_view_dup(hf_view_text(NEW_FILE));
    if (!reg->script.text)
        return HF_FAIL(err, HF_E_NOMEM, "no memory for a registry");
    reg->eol = "\r\n";
    reg->code = (struct hf_regcode){ HF_REGCODE_UTF16LE, true };
    reg->script.roots = true;
    return hf_script_add(&reg->script, NULL, HF_PIECE_OTHER,
                         hf_view(reg->script.text, strlen(NEW_FILE)), &piece,
                         err);
}
