/* SPDX-License-Identifier: Apache-2.0 */
/* driver.c - main() of a fuzz target without libFuzzer: replays files. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "fuzz.h"

#define INPUT_MAX (1 << 20) /* bytes; a seed is small, more is a mistake */

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void close_file(FILE **at)
{
    if (*at)
        (void)fclose(*at);
}

/* Returns the inputs replayed, 1, or -1. */
static int replay_file(const char *path)
{
    HF_AUTO(close_file) FILE *file = fopen(path, "rb");
    HF_AUTO(hf_free_ptr) uint8_t *data = NULL;
    struct stat st;
    size_t size;

    if (!file || fstat(fileno(file), &st) < 0 || st.st_size > INPUT_MAX)
        return -1;
    /* exactly as large, so that a sanitizer sees a read past the end */
    size = (size_t)st.st_size;
    data = malloc(size ? size : 1);
    if (!data || fread(data, 1, size, file) != size)
        return -1;
    /* stays on the screen when the target does not come back */
    printf("# %s\n", path);
    (void)fflush(stdout);
    (void)LLVMFuzzerTestOneInput(data, size);
    return 1;
}

/* A file, or every file of a folder. Returns the inputs replayed, or -1. */
static int replay(const char *path)
{
    struct dirent **entry = NULL;
    int count = scandir(path, &entry, NULL, compare_names);
    int total = 0;

    if (count < 0)
        return errno == ENOTDIR ? replay_file(path) : -1;
    for (int i = 0; i < count; i++) {
        char below[PATH_MAX];
        int len =
            snprintf(below, sizeof(below), "%s/%s", path, entry[i]->d_name);
        int n = -1;

        if (entry[i]->d_name[0] == '.')
            n = 0;
        else if (len > 0 && (size_t)len < sizeof(below))
            n = replay_file(below);
        total = n < 0 || total < 0 ? -1 : total + n;
        free(entry[i]);
    }
    free(entry);
    return total;
}

int main(int argc, char **argv)
{
    int bad = argc < 2;

    for (int i = 1; i < argc; i++) {
        int count = replay(argv[i]);

        printf("%s %d - %d inputs of %s\n", count > 0 ? "ok" : "not ok", i,
               count, argv[i]);
        bad |= count <= 0;
    }
    printf("1..%d\n", argc - 1);
    return bad;
}
