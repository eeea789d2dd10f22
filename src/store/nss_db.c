/* SPDX-License-Identifier: Apache-2.0 */
/* store/nss_db.c - in the child: what libnss3 says of a database, and changes
 * in it. The one file that knows NSS's headers. */
#include <cert.h>
#include <certdb.h>
#include <dlfcn.h>
#include <nss.h>
#include <pk11pub.h>
#include <prerror.h>
#include <secerr.h>
#include <secmod.h>
#include <stdio.h>
#include <unistd.h>

#include "store/nss.h"

#define TYPES_MAX (HF_NSS_USES + 3) /* attributes read at once */

/* --- the answer ----------------------------------------------------------- */

/* Gathered: a record is a few small pieces. */
struct out {
    int fd;
    size_t len;
    uint8_t bytes[16 * 1024];
};

static bool flush(struct out *out)
{
    const uint8_t *at = out->bytes;

    while (out->len > 0) {
        ssize_t done = write(out->fd, at, out->len);

        if (done <= 0)
            return false;
        at += done;
        out->len -= (size_t)done;
    }
    return true;
}

static bool put(struct out *out, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len > 0) {
        size_t fits = sizeof(out->bytes) - out->len;

        fits = fits < len ? fits : len;
        memcpy(out->bytes + out->len, at, fits);
        out->len += fits;
        at += fits;
        len -= fits;
        if (out->len == sizeof(out->bytes) && !flush(out))
            return false;
    }
    return true;
}

static bool put_head(struct out *out, char what, size_t len)
{
    uint8_t head[5] = { (uint8_t)what, (uint8_t)(len >> 24),
                        (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                        (uint8_t)len };

    return len <= HF_NSS_RECORD_MAX && put(out, head, sizeof(head));
}

/* A length of two bytes, and bytes: cut, so that it fits. */
static bool put_item(struct out *out, const SECItem *item, size_t most)
{
    size_t len = item->len < most ? item->len : most;
    uint8_t head[2] = { (uint8_t)(len >> 8), (uint8_t)len };

    return put(out, head, sizeof(head)) && put(out, item->data, len);
}

static void put_failure(struct out *out, enum hf_code code, const char *text)
{
    uint8_t byte = (uint8_t)-code;

    if (put_head(out, 'x', 1 + strlen(text)) && put(out, &byte, 1))
        (void)put(out, text, strlen(text));
}

/* With NSS's own reason. */
static void put_reason(struct out *out, enum hf_code code, const char *what)
{
    PRErrorCode why = PORT_GetError();
    const char *name = why ? PR_ErrorToName(why) : NULL;
    char text[HF_ERR_TEXT];

    (void)snprintf(text, sizeof(text), "%s: %s: %s", what,
                   name ? name : "no reason given",
                   name ? PR_ErrorToString(why, PR_LANGUAGE_I_DEFAULT) : "");
    put_failure(out, code, text);
}

/* --- reading -------------------------------------------------------------- */

/* Attributes of an object; one that it has not is empty. Returns false when one
 * is not as it was signed: then NSS goes by none of them. */
static bool get(PK11GenericObject *object, const CK_ATTRIBUTE_TYPE *types,
                SECItem *ret_items, size_t count)
{
    CK_ATTRIBUTE all[TYPES_MAX] = { { 0 } };

    for (size_t i = 0; i < count; i++) {
        all[i].type = types[i];
        ret_items[i] = (SECItem){ siBuffer, NULL, 0 };
    }
    /* in one go where it has them all: each costs a search in the database */
    if (PK11_ReadRawAttributes(NULL, PK11_TypeGeneric, object, all,
                               (unsigned)count) == SECSuccess) {
        for (size_t i = 0; i < count; i++) {
            ret_items[i].data = all[i].pValue;
            ret_items[i].len = (unsigned)all[i].ulValueLen;
        }
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        SECItem item = { siBuffer, NULL, 0 };

        PORT_SetError(0);
        if (PK11_ReadRawAttribute(PK11_TypeGeneric, object, types[i], &item) ==
                SECSuccess &&
            item.data)
            ret_items[i] = item;
        if (PORT_GetError() == SEC_ERROR_BAD_SIGNATURE)
            return false;
    }
    return true;
}

static void drop(SECItem *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        SECITEM_FreeItem(&items[i], PR_FALSE);
}

static bool put_cert(struct out *out, PK11GenericObject *object,
                     unsigned number)
{
    static const CK_ATTRIBUTE_TYPE types[] = { CKA_LABEL, CKA_VALUE };
    SECItem item[HF_COUNT(types)], *label = &item[0], *der = &item[1];
    size_t label_len;
    char text[100];
    bool good;

    (void)get(object, types, item, HF_COUNT(types)); /* none is signed */
    label_len = label->len < HF_NSS_LABEL_MAX ? label->len : HF_NSS_LABEL_MAX;
    if (der->len > 0 && der->len <= HF_CERT_MAX) {
        good = put_head(out, 'c', 2 + label_len + der->len) &&
               put_item(out, label, HF_NSS_LABEL_MAX) &&
               put(out, der->data, der->len);
    } else {
        (void)snprintf(text, sizeof(text), "certificate %u of the database: %s",
                       number,
                       der->len ? "larger than any" : "its bytes are missing");
        good = put_head(out, 'f', strlen(text)) && put(out, text, strlen(text));
    }
    drop(item, HF_COUNT(item));
    return good;
}

static enum hf_nss_trust trust_of(const SECItem *item)
{
    CK_TRUST trust = CKT_NSS_TRUST_UNKNOWN;

    if (item->len == sizeof(trust))
        memcpy(&trust, item->data, sizeof(trust));
    switch (trust) {
    case CKT_NSS_TRUSTED_DELEGATOR:
        return HF_NSS_ANCHOR;
    case CKT_NSS_TRUSTED:
        return HF_NSS_PEER;
    case CKT_NSS_NOT_TRUSTED:
        return HF_NSS_PROHIBITED;
    default: /* valid, must be verified, unknown: decides nothing */
        return HF_NSS_NONE;
    }
}

static bool put_trust(struct out *out, PK11GenericObject *object,
                      unsigned number)
{
    static const CK_ATTRIBUTE_TYPE types[TYPES_MAX] = {
        [HF_NSS_SERVER] = CKA_TRUST_SERVER_AUTH,
        [HF_NSS_CLIENT] = CKA_TRUST_CLIENT_AUTH,
        [HF_NSS_EMAIL] = CKA_TRUST_EMAIL_PROTECTION,
        [HF_NSS_CODE] = CKA_TRUST_CODE_SIGNING,
        CKA_CERT_SHA1_HASH,
        CKA_ISSUER,
        CKA_SERIAL_NUMBER,
    };
    SECItem item[TYPES_MAX];
    uint8_t trust[HF_NSS_USES];
    size_t len = sizeof(trust);
    bool good = true, fits = get(object, types, item, TYPES_MAX);

    (void)number;
    for (size_t i = 0; i < HF_NSS_USES; i++)
        trust[i] = (uint8_t)trust_of(&item[i]);
    for (size_t i = HF_NSS_USES; i < TYPES_MAX; i++) {
        fits = fits && item[i].len <= UINT16_MAX;
        len += 2 + item[i].len;
    }
    /* one with longer names belongs to no certificate */
    if (fits)
        good = put_head(out, 't', len) && put(out, trust, sizeof(trust));
    for (size_t i = HF_NSS_USES; i < TYPES_MAX && fits && good; i++)
        good = put_item(out, &item[i], UINT16_MAX);
    drop(item, TYPES_MAX);
    return good;
}

static bool
put_objects(struct out *out, PK11SlotInfo *slot, CK_OBJECT_CLASS class,
            bool (*put_one)(struct out *out, PK11GenericObject *object,
                            unsigned number))
{
    PK11GenericObject *first, *at;
    unsigned number = 0;

    PORT_SetError(0); /* none and failed look alike otherwise */
    first = PK11_FindGenericObjects(slot, class);
    if (!first && PORT_GetError() != 0) {
        put_reason(out, HF_E_PARSE, "NSS cannot list the database");
        return false;
    }
    for (at = first; at; at = PK11_GetNextGenericObject(at))
        if (!put_one(out, at, ++number))
            return false;
    return true;
}

static bool put_damage(struct out *out, const struct hf_nss_job *job)
{
    char text[HF_ERR_TEXT];

    if (!job->folder || job->old ||
        !hf_nss_damage(job->folder, text, sizeof(text)))
        return true;
    return put_head(out, 'd', strlen(text)) && put(out, text, strlen(text));
}

static void list(struct out *out, const struct hf_nss_job *job,
                 PK11SlotInfo *slot)
{
    if (put_objects(out, slot, CKO_CERTIFICATE, put_cert) &&
        put_objects(out, slot, CKO_NSS_TRUST, put_trust) &&
        put_damage(out, job))
        (void)put_head(out, 'e', 0);
}

/* --- changing ------------------------------------------------------------- */

/* Trust is signed with a key that the primary password opens. */
static bool log_in(struct out *out, const struct hf_nss_job *job,
                   PK11SlotInfo *slot)
{
    if (PK11_NeedUserInit(slot)) { /* no password was ever set: none is */
        if (PK11_InitPin(slot, NULL, "") == SECSuccess)
            return true;
        put_reason(out, HF_E_CRYPTO, "the key database cannot be set up");
        return false;
    }
    if (!PK11_NeedLogin(slot))
        return true;
    if (!job->password)
        put_failure(out, HF_E_CRYPTO,
                    "the profile has a primary password: NSS signs what is "
                    "trusted with it; give the password");
    else if (PK11_CheckUserPassword(slot, job->password) == SECSuccess)
        return true;
    else
        put_failure(out, HF_E_CRYPTO,
                    "the password given is not the profile's primary "
                    "password");
    return false;
}

static CERTCertificate *find(PK11SlotInfo *slot, const struct hf_cert *cert)
{
    struct hf_view der = hf_cert_der(cert);
    SECItem item = { siDERCertBuffer, (unsigned char *)der.ptr,
                     (unsigned)der.len };

    return PK11_FindCertFromDERCertItem(slot, &item, NULL);
}

static bool remove_one(struct out *out, PK11SlotInfo *slot,
                       struct hf_cert *cert)
{
    CERTCertificate *found = find(slot, cert);

    if (!found)
        return true;
    if (SEC_DeletePermCertificate(found) == SECSuccess)
        return true; /* `found` may no longer be used */
    put_reason(out, HF_E_IO, "NSS cannot remove a certificate");
    return false;
}

static CERTCertificate *import(struct out *out, PK11SlotInfo *slot,
                               struct hf_cert *cert)
{
    struct hf_view der = hf_cert_der(cert);
    SECItem item = { siDERCertBuffer, (unsigned char *)der.ptr,
                     (unsigned)der.len };
    CERTCertificate *made = CERT_NewTempCertificate(
        CERT_GetDefaultCertDB(), &item, NULL, PR_FALSE, PR_TRUE);
    char *nickname = made ? CERT_MakeCANickname(made) : NULL;

    if (nickname && PK11_ImportCert(slot, made, CK_INVALID_HANDLE, nickname,
                                    PR_FALSE) == SECSuccess)
        return made;
    if (PORT_GetError() == SEC_ERROR_REUSED_ISSUER_AND_SERIAL)
        put_failure(out, HF_E_PARSE,
                    "the profile holds another certificate with the same "
                    "issuer and serial number: NSS keeps only one");
    else
        put_reason(out, HF_E_PARSE, "NSS does not take the certificate");
    return NULL;
}

/* NSS calls every CA valid for what it has no trust for; said aloud, that would
 * be one more change. */
static unsigned only_said(unsigned flags)
{
    return flags & CERTDB_TRUSTED_CA ? flags
                                     : flags & ~(unsigned)CERTDB_VALID_CA;
}

/* As `certutil -A -t C,,`; what is trusted already stays so. */
static bool add_one(struct out *out, PK11SlotInfo *slot, struct hf_cert *cert)
{
    CERTCertificate *have = find(slot, cert);
    CERTCertTrust trust = { 0 };

    if (!have && !(have = import(out, slot, cert)))
        return false;
    if (CERT_GetCertTrust(have, &trust) != SECSuccess)
        trust = (CERTCertTrust){ 0 };
    trust.sslFlags |= CERTDB_VALID_CA | CERTDB_TRUSTED_CA;
    trust.emailFlags = only_said(trust.emailFlags);
    trust.objectSigningFlags = only_said(trust.objectSigningFlags);
    if (CERT_ChangeCertTrust(CERT_GetDefaultCertDB(), have, &trust) ==
        SECSuccess)
        return true;
    put_reason(out, HF_E_CRYPTO, "NSS cannot set the trust");
    return false;
}

static void change(struct out *out, const struct hf_nss_job *job,
                   PK11SlotInfo *slot)
{
    if (!log_in(out, job, slot))
        return;
    for (size_t i = 0; i < job->step_count; i++) {
        const struct hf_nss_step *step = &job->step[i];

        if (!(step->removes ? remove_one : add_one)(out, slot, step->cert))
            return;
    }
    (void)put_head(out, 'e', 0);
}

/* --- opening -------------------------------------------------------------- */

/* Without NOMODDB the profile's pkcs11.txt could name any library to load;
 * without NOROOTINIT a libnssckbi.so in the profile would be. */
#define FLAGS (NSS_INIT_NOMODDB | NSS_INIT_NOROOTINIT)

static void work_folder(struct out *out, const struct hf_nss_job *job)
{
    char where[4096 + 5];
    int len = snprintf(where, sizeof(where), "%s:%s", job->old ? "dbm" : "sql",
                       job->folder);
    PK11SlotInfo *slot;

    if (len < 0 || (size_t)len >= sizeof(where)) {
        put_failure(out, HF_E_LIMIT, "the path of the copy is too long");
        return;
    }
    if (NSS_Initialize(where, "", "", "secmod.db",
                       FLAGS | (job->writable ? 0 : NSS_INIT_READONLY)) !=
        SECSuccess) {
        put_reason(out, HF_E_PARSE, "NSS cannot open the database");
        return;
    }
    slot = PK11_GetInternalKeySlot();
    if (!slot)
        put_reason(out, HF_E_PARSE, "NSS has no database open");
    else if (job->step_count > 0)
        change(out, job, slot);
    else
        list(out, job, slot);
}

static void work_module(struct out *out, const struct hf_nss_job *job)
{
    char spec[4096 + 50];
    int len = snprintf(spec, sizeof(spec), "library=\"%s\" name=\"roots\"",
                       job->module);
    SECMODModule *module;

    if (len < 0 || (size_t)len >= sizeof(spec) || strchr(job->module, '"')) {
        put_failure(out, HF_E_LIMIT,
                    "the library's path cannot be said to NSS");
        return;
    }
    if (NSS_Initialize(".", "", "", "secmod.db",
                       FLAGS | NSS_INIT_READONLY | NSS_INIT_NOCERTDB) !=
        SECSuccess) {
        put_reason(out, HF_E_IO, "NSS cannot start");
        return;
    }
    module = SECMOD_LoadUserModule(spec, NULL, PR_FALSE);
    if (!module || !module->loaded || module->slotCount < 1)
        put_reason(out, HF_E_IO, "NSS cannot load the library");
    else
        list(out, job, module->slots[0]);
}

void hf_nss_work(const struct hf_nss_job *job, int fd)
{
    struct out out = { .fd = fd };

    if (job->module)
        work_module(&out, job);
    else
        work_folder(&out, job);
    (void)flush(&out);
}

const char *hf_nss_library(void)
{
    Dl_info info;
    void *symbol = dlsym(RTLD_DEFAULT, "NSS_Initialize");

    return symbol && dladdr(symbol, &info) ? info.dli_fname : NULL;
}
