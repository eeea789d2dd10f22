/* SPDX-License-Identifier: Apache-2.0 */
/* base/texts_test.c - a growing list of texts. */
#include "base/texts.h"

#include <stdlib.h>
#include <string.h>

#include "hf_test.h"

static void test_take(void)
{
    struct hf_texts list = { 0 };
    bool all = true;

    for (int i = 0; i < 9; i++)
        all = all && hf_texts_take(&list, strdup(i % 2 ? "odd" : "even"));
    HF_CHECK(all && list.count == 9 && strcmp(list.text[8], "even") == 0,
             "nine texts are kept in order");
    HF_CHECK(!hf_texts_take(&list, NULL) && list.count == 9,
             "no text is no entry");
    hf_texts_done(&list);
    HF_CHECK(list.count == 0 && !list.text, "an emptied list is empty");
}

int main(void)
{
    test_take();
    return hf_test_end();
}
