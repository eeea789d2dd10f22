/* SPDX-License-Identifier: Apache-2.0 */
/* win/hive_mount.c - inside win/: where a hive stands in the registry, by what
 * it holds. */
#include <strings.h>

#include "win/hive_list.h"

#define AT_FILE_NAME 48 /* in the base block: 32 units, the end of a path */
#define FILE_NAME_LEN 64

/* Which keys at the top make a hive what it is; the first row that fits. A
 * user's hive and SYSTEM both have Software, and a program may have made one in
 * SOFTWARE by mistake; a name with "#" stands for one that ends in digits. A
 * service's hive (DEFAULT) is a user's: LocalSystem's. Source: the hives at
 * hand; Microsoft, "Predefined keys" for the mounts */
static const struct {
    const char *key; /* one key at the top */
    const char *mount;
} marks[] = {
    { "Select", "HKLM\\SYSTEM" },
    { "ControlSet#", "HKLM\\SYSTEM" },
    { "MountedDevices", "HKLM\\SYSTEM" },
    { "Control Panel", "HKCU" },
    { "RegisteredApplications", "HKLM\\SOFTWARE" },
    { "Classes", "HKLM\\SOFTWARE" },
    { "Software", "HKCU" },
    { "Environment", "HKCU" },
    { "Microsoft", "HKLM\\SOFTWARE" },
    { "Policies", "HKLM\\SOFTWARE" },
    { "Local Settings", "HKCU\\Software\\Classes" },
    { "Wow6432Node", "HKLM\\SOFTWARE" },
    { "Policy", "HKLM\\SECURITY" },
    { "SAM", "HKLM\\SAM" },
};

/* When not all keys at the top can be listed: the name it was saved under. */
static const struct {
    const char *ending, *mount;
} files[] = {
    { "\\SYSTEM", "HKLM\\SYSTEM" }, { "\\SOFTWARE", "HKLM\\SOFTWARE" },
    { "\\NTUSER.DAT", "HKCU" },     { "\\DEFAULT", "HKCU" },
    { "\\SAM", "HKLM\\SAM" },       { "\\SECURITY", "HKLM\\SECURITY" },
    { "SYSTEM", "HKLM\\SYSTEM" },   { "SOFTWARE", "HKLM\\SOFTWARE" },
};

struct look {
    const struct hf_hive *hive;
    size_t best; /* a row of `marks` */
    bool any;
};

static bool fits(struct hf_view name, const char *mark)
{
    size_t len = strcspn(mark, "#");

    if (mark[len] == '\0')
        return hf_view_same_nocase(name, hf_view_text(mark));
    return name.len > len && name.ptr[len] >= '0' && name.ptr[len] <= '9' &&
           hf_view_same_nocase(hf_view(name.ptr, len), hf_view(mark, len));
}

static int look_at_key(void *arg, const struct hf_hive_list *leaf, size_t i,
                       struct hf_err *err)
{
    struct look *look = arg;
    struct hf_hive_key key;

    look->any = true;
    if (hf_hive_key(look->hive, hf_hive_list_entry(leaf, i), &key, err) < 0)
        return hf_hive_pass(look->hive, err) ? 0 : hf_err_code(err);
    for (size_t row = 0; key.name.narrow && row < look->best; row++) {
        if (fits(key.name.bytes, marks[row].key))
            look->best = row;
    }
    return look->best == 0; /* nothing can be better */
}

static const char *mount_by_file(const struct hf_hive *hive)
{
    struct hf_regname name = {
        hf_view(hive->bytes + AT_FILE_NAME, FILE_NAME_LEN), false
    };
    char text[FILE_NAME_LEN / 2 + 1];
    size_t len = 0;

    /* other letters than ASCII's fit no row */
    for (; len < FILE_NAME_LEN / 2; len++) {
        uint16_t unit = hf_regname_unit(name, len);

        if (unit == HF_REGNAME_NUL)
            break;
        text[len] = (char)(unit < 0x80 ? unit : '?');
    }
    text[len] = '\0';
    for (size_t i = 0; i < HF_COUNT(files); i++) {
        size_t ending = strlen(files[i].ending);

        if (len >= ending &&
            strcasecmp(text + len - ending, files[i].ending) == 0 &&
            (files[i].ending[0] == '\\' || len == ending))
            return files[i].mount;
    }
    return "";
}

const char *hf_hive_mount(struct hf_hive *hive)
{
    struct look look = { hive, HF_COUNT(marks), false };
    struct hf_hive_key top;
    struct hf_err err;
    int rc = hf_hive_key(hive, hive->root, &top, &err);

    if (rc == 0)
        rc = hf_hive_subkeys(hive, &top, look_at_key, &look, &err);
    hive->empty = rc == 0 && !look.any;
    if (look.best < HF_COUNT(marks))
        return marks[look.best].mount;
    return rc < 0 || hive->registry->incomplete ? mount_by_file(hive) : "";
}

const char *hf_hive_mount_of(const char *key)
{
    static const char *const mounts[] = { "HKLM\\SOFTWARE", "HKLM\\SYSTEM",
                                          "HKLM\\SAM", "HKLM\\SECURITY",
                                          "HKCU" };

    for (size_t i = 0; i < HF_COUNT(mounts); i++) {
        size_t len = strlen(mounts[i]);

        if (strncasecmp(key, mounts[i], len) == 0 &&
            (key[len] == '\\' || key[len] == '\0'))
            return mounts[i];
    }
    return NULL;
}
