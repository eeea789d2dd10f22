/* SPDX-License-Identifier: Apache-2.0 */
/* cli/doctor_reg.c - the repair of a Windows machine as a .reg file. */
#include "cli/certout.h"
#include "cli/doctor.h"
#include "cli/outfile.h"

#define REG_MAX                                                                \
    (64 * 1024 * 1024) /* bytes; ours: a root takes 10 KB of text              \
                        */

static int put_values(const struct hf_doctor *d, struct hf_registry *registry,
                      struct hf_err *err)
{
    const struct hf_rootupdate *update = &d->update.update;

    for (size_t i = 0; i < update->count; i++)
        if (hf_rootupdate_repairable(&update->value[i]) &&
            hf_registry_tell_unset(registry, update->value[i].key,
                                   update->value[i].name, err) < 0)
            return hf_err_code(err);
    return 0;
}

int hf_doctor_reg(struct hf_doctor *d, const char *path, struct hf_err *err)
{
    HF_AUTO(hf_registry_freep) struct hf_registry *registry = NULL;
    HF_AUTO(hf_certs_done) struct hf_certs wanted = { 0 };
    HF_AUTO(hf_buf_done) struct hf_buf text;

    hf_buf_init(&text, REG_MAX);
    if (hf_registry_new(HF_REGISTRY_REG, &registry, err) < 0 ||
        hf_doctor_wanted(d, &wanted, err) < 0 ||
        put_values(d, registry, err) < 0 ||
        hf_certout_registry(registry, &wanted, err) < 0 ||
        hf_registry_save(registry, &text, err) < 0 ||
        hf_outfile_write(path, hf_buf_peek(&text), err) < 0)
        return HF_WRAP(err, "--reg");
    return 0;
}
