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

/* --- the answer ----------------------------------------------------------- */

static bool put(int fd, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len > 0) {
        ssize_t done = write(fd, at, len);

        if (done <= 0)
            return false;
        at += done;
        len -= (size_t)done;
    }
    return true;
}

static bool put_head(int fd, char what, size_t len)
{
    uint8_t head[5] = { (uint8_t)what, (uint8_t)(len >> 24),
                        (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                        (uint8_t)len };

    return len <= HF_NSS_RECORD_MAX && put(fd, head, sizeof(head));
}

/* A length of two bytes, and bytes: cut, so that it fits. */
static bool put_item(int fd, const SECItem *item, size_t most)
{
    size_t len = item->len < most ? item->len : most;
    uint8_t head[2] = { (uint8_t)(len >> 8), (uint8_t)len };

    return put(fd, head, sizeof(head)) && put(fd, item->data, len);
}

static void put_failure(int fd, enum hf_code code, const char *text)
{
    uint8_t byte = (uint8_t)-code;

    if (put_head(fd, 'x', 1 + strlen(text)) && put(fd, &byte, 1))
        (void)put(fd, text, strlen(text));
}

/* With NSS's own reason. */
static void put_reason(int fd, enum hf_code code, const char *what)
{
    PRErrorCode why = PORT_GetError();
    const char *name = why ? PR_ErrorToName(why) : NULL;
    char text[HF_ERR_TEXT];

    (void)snprintf(text, sizeof(text), "%s: %s: %s", what,
                   name ? name : "no reason given",
                   name ? PR_ErrorToString(why, PR_LANGUAGE_I_DEFAULT) : "");
    put_failure(fd, code, text);
}

/* --- reading -------------------------------------------------------------- */

/* An attribute; without one it is empty. */
static SECItem attribute(PK11GenericObject *object, CK_ATTRIBUTE_TYPE type)
{
    SECItem item = { siBuffer, NULL, 0 };

    if (PK11_ReadRawAttribute(PK11_TypeGeneric, object, type, &item) !=
            SECSuccess ||
        !item.data)
        return (SECItem){ siBuffer, NULL, 0 };
    return item;
}

static bool put_cert(int fd, PK11GenericObject *object, unsigned number)
{
    SECItem label = attribute(object, CKA_LABEL);
    SECItem der = attribute(object, CKA_VALUE);
    size_t label_len =
        label.len < HF_NSS_LABEL_MAX ? label.len : HF_NSS_LABEL_MAX;
    char text[100];
    bool good;

    if (der.len > 0 && der.len <= HF_CERT_MAX) {
        good = put_head(fd, 'c', 2 + label_len + der.len) &&
               put_item(fd, &label, HF_NSS_LABEL_MAX) &&
               put(fd, der.data, der.len);
    } else {
        (void)snprintf(text, sizeof(text), "certificate %u of the database: %s",
                       number,
                       der.len ? "larger than any" : "its bytes are not there");
        good = put_head(fd, 'f', strlen(text)) && put(fd, text, strlen(text));
    }
    SECITEM_FreeItem(&label, PR_FALSE);
    SECITEM_FreeItem(&der, PR_FALSE);
    return good;
}

static enum hf_nss_trust trust_of(PK11GenericObject *object,
                                  CK_ATTRIBUTE_TYPE type)
{
    /* a trust that is not as it was signed cannot be read, as in NSS */
    SECItem item = attribute(object, type);
    CK_TRUST trust = CKT_NSS_TRUST_UNKNOWN;

    if (item.len == sizeof(trust))
        memcpy(&trust, item.data, sizeof(trust));
    SECITEM_FreeItem(&item, PR_FALSE);
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

static bool put_trust(int fd, PK11GenericObject *object, unsigned number)
{
    static const CK_ATTRIBUTE_TYPE uses[HF_NSS_USES] = {
        [HF_NSS_SERVER] = CKA_TRUST_SERVER_AUTH,
        [HF_NSS_CLIENT] = CKA_TRUST_CLIENT_AUTH,
        [HF_NSS_EMAIL] = CKA_TRUST_EMAIL_PROTECTION,
        [HF_NSS_CODE] = CKA_TRUST_CODE_SIGNING,
    };
    SECItem part[3] = { attribute(object, CKA_CERT_SHA1_HASH),
                        attribute(object, CKA_ISSUER),
                        attribute(object, CKA_SERIAL_NUMBER) };
    uint8_t trust[HF_NSS_USES];
    size_t len = sizeof(trust);
    bool good = true, fits = true;

    (void)number;
    for (size_t i = 0; i < HF_COUNT(uses); i++)
        trust[i] = (uint8_t)trust_of(object, uses[i]);
    for (size_t i = 0; i < HF_COUNT(part); i++) {
        fits = fits && part[i].len <= UINT16_MAX;
        len += 2 + part[i].len;
    }
    /* one that is longer belongs to no certificate */
    if (fits)
        good = put_head(fd, 't', len) && put(fd, trust, sizeof(trust));
    for (size_t i = 0; i < HF_COUNT(part); i++) {
        good = good && (!fits || put_item(fd, &part[i], UINT16_MAX));
        SECITEM_FreeItem(&part[i], PR_FALSE);
    }
    return good;
}

static bool put_objects(int fd, PK11SlotInfo *slot, CK_OBJECT_CLASS class,
                        bool (*put_one)(int fd, PK11GenericObject *object,
                                        unsigned number))
{
    PK11GenericObject *first, *at;
    unsigned number = 0;

    PORT_SetError(0); /* none and failed look alike otherwise */
    first = PK11_FindGenericObjects(slot, class);
    if (!first && PORT_GetError() != 0) {
        put_reason(fd, HF_E_PARSE, "NSS cannot list the database");
        return false;
    }
    for (at = first; at; at = PK11_GetNextGenericObject(at))
        if (!put_one(fd, at, ++number))
            return false;
    return true;
}

static bool put_damage(int fd, const struct hf_nss_job *job)
{
    char text[HF_ERR_TEXT];

    if (!job->folder || job->old ||
        !hf_nss_damage(job->folder, text, sizeof(text)))
        return true;
    return put_head(fd, 'd', strlen(text)) && put(fd, text, strlen(text));
}

static void list(int fd, const struct hf_nss_job *job, PK11SlotInfo *slot)
{
    if (put_objects(fd, slot, CKO_CERTIFICATE, put_cert) &&
        put_objects(fd, slot, CKO_NSS_TRUST, put_trust) && put_damage(fd, job))
        (void)put_head(fd, 'e', 0);
}

/* --- changing ------------------------------------------------------------- */

/* Trust is signed with a key that the primary password opens. */
static bool log_in(int fd, const struct hf_nss_job *job, PK11SlotInfo *slot)
{
    if (PK11_NeedUserInit(slot)) { /* no password was ever set: none is */
        if (PK11_InitPin(slot, NULL, "") == SECSuccess)
            return true;
        put_reason(fd, HF_E_CRYPTO, "the key database cannot be set up");
        return false;
    }
    if (!PK11_NeedLogin(slot))
        return true;
    if (!job->password)
        put_failure(fd, HF_E_CRYPTO,
                    "the profile has a primary password: NSS signs what is "
                    "trusted with it; give the password");
    else if (PK11_CheckUserPassword(slot, job->password) == SECSuccess)
        return true;
    else
        put_failure(fd, HF_E_CRYPTO,
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

static bool remove_one(int fd, PK11SlotInfo *slot, struct hf_cert *cert)
{
    CERTCertificate *found = find(slot, cert);

    if (!found)
        return true;
    if (SEC_DeletePermCertificate(found) == SECSuccess)
        return true; /* `found` may no longer be used */
    put_reason(fd, HF_E_IO, "NSS cannot remove a certificate");
    return false;
}

static CERTCertificate *import(int fd, PK11SlotInfo *slot, struct hf_cert *cert)
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
        put_failure(fd, HF_E_PARSE,
                    "the profile holds another certificate with the same "
                    "issuer and serial number: NSS keeps only one");
    else
        put_reason(fd, HF_E_PARSE, "NSS does not take the certificate");
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
static bool add_one(int fd, PK11SlotInfo *slot, struct hf_cert *cert)
{
    CERTCertificate *have = find(slot, cert);
    CERTCertTrust trust = { 0 };

    if (!have && !(have = import(fd, slot, cert)))
        return false;
    if (CERT_GetCertTrust(have, &trust) != SECSuccess)
        trust = (CERTCertTrust){ 0 };
    trust.sslFlags |= CERTDB_VALID_CA | CERTDB_TRUSTED_CA;
    trust.emailFlags = only_said(trust.emailFlags);
    trust.objectSigningFlags = only_said(trust.objectSigningFlags);
    if (CERT_ChangeCertTrust(CERT_GetDefaultCertDB(), have, &trust) ==
        SECSuccess)
        return true;
    put_reason(fd, HF_E_CRYPTO, "NSS cannot set the trust");
    return false;
}

static void change(int fd, const struct hf_nss_job *job, PK11SlotInfo *slot)
{
    if (!log_in(fd, job, slot))
        return;
    for (size_t i = 0; i < job->step_count; i++) {
        const struct hf_nss_step *step = &job->step[i];

        if (!(step->removes ? remove_one : add_one)(fd, slot, step->cert))
            return;
    }
    (void)put_head(fd, 'e', 0);
}

/* --- opening -------------------------------------------------------------- */

/* Without NOMODDB the profile's pkcs11.txt could name any library to load;
 * without NOROOTINIT a libnssckbi.so in the profile would be. */
#define FLAGS (NSS_INIT_NOMODDB | NSS_INIT_NOROOTINIT)

static void work_folder(int fd, const struct hf_nss_job *job)
{
    char where[4096 + 5];
    int len = snprintf(where, sizeof(where), "%s:%s", job->old ? "dbm" : "sql",
                       job->folder);
    PK11SlotInfo *slot;

    if (len < 0 || (size_t)len >= sizeof(where)) {
        put_failure(fd, HF_E_LIMIT, "the path of the copy is too long");
        return;
    }
    if (NSS_Initialize(where, "", "", "secmod.db",
                       FLAGS | (job->writable ? 0 : NSS_INIT_READONLY)) !=
        SECSuccess) {
        put_reason(fd, HF_E_PARSE, "NSS cannot open the database");
        return;
    }
    slot = PK11_GetInternalKeySlot();
    if (!slot)
        put_reason(fd, HF_E_PARSE, "NSS has no database open");
    else if (job->step_count > 0)
        change(fd, job, slot);
    else
        list(fd, job, slot);
}

static void work_module(int fd, const struct hf_nss_job *job)
{
    char spec[4096 + 50];
    int len = snprintf(spec, sizeof(spec), "library=\"%s\" name=\"roots\"",
                       job->module);
    SECMODModule *module;

    if (len < 0 || (size_t)len >= sizeof(spec) || strchr(job->module, '"')) {
        put_failure(fd, HF_E_LIMIT, "the library's path cannot be said to NSS");
        return;
    }
    if (NSS_Initialize(".", "", "", "secmod.db",
                       FLAGS | NSS_INIT_READONLY | NSS_INIT_NOCERTDB) !=
        SECSuccess) {
        put_reason(fd, HF_E_IO, "NSS cannot start");
        return;
    }
    module = SECMOD_LoadUserModule(spec, NULL, PR_FALSE);
    if (!module || !module->loaded || module->slotCount < 1)
        put_reason(fd, HF_E_IO, "NSS cannot load the library");
    else
        list(fd, job, module->slots[0]);
}

void hf_nss_work(const struct hf_nss_job *job, int fd)
{
    if (job->module)
        work_module(fd, job);
    else
        work_folder(fd, job);
}

const char *hf_nss_library(void)
{
    Dl_info info;
    void *symbol = dlsym(RTLD_DEFAULT, "NSS_Initialize");

    return symbol && dladdr(symbol, &info) ? info.dli_fname : NULL;
}
