/* SPDX-License-Identifier: Apache-2.0 */
/* nss_evil.c - a library that leaves "FILE.loaded" beside itself when it is
 * loaded, for nss.sh: a profile's pkcs11.txt may name one. */
#include <dlfcn.h>
#include <stdio.h>

__attribute__((constructor)) static void leave_trace(void)
{
    static const char here;
    Dl_info info;
    char path[4096];
    FILE *file;

    if (!dladdr(&here, &info) ||
        snprintf(path, sizeof(path), "%s.loaded", info.dli_fname) < 0)
        return;
    file = fopen(path, "w");
    if (file)
        (void)fclose(file);
}
