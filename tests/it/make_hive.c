/* SPDX-License-Identifier: Apache-2.0 */
/* make_hive.c - writes an empty registry hive for a test to fill.
 *
 * usage: make_hive FILE */
#include <stdio.h>

#include "hive_maker.h"

int main(int argc, char **argv)
{
    static uint8_t hive[HIVE_MADE_LEN];
    FILE *file = argc == 2 ? fopen(argv[1], "wbe") : NULL;

    if (!file)
        return 2;
    hive_make(hive, 5);
    if (fwrite(hive, 1, sizeof(hive), file) != sizeof(hive)) {
        (void)fclose(file);
        return 1;
    }
    return fclose(file) == 0 ? 0 : 1;
}
