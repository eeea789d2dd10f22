/* SPDX-License-Identifier: Apache-2.0 */
/* judge/need_windows_test.c - products against stores that keep roots,
 * intermediates and refused certificates apart, and against lists. */
#include "judge/need.h"

#include <string.h>

#include "hf_test.h"

#include "judge/test_setting.h"

#define PRODUCT(store)                                                         \
    "name: x\ncertificates:\n  - name: a\n    sha256: "                        \
    "4348a0e9444c78cb265e058d5e8944b4d84f9662bd26db257f8934a443c70161\n"       \
    "    sha1: a8985d3a65e5e5c4b2d7d66d40c6dd2fb19c5436\n"                     \
    "    store: " store "\n    purpose: [tls]\n"

enum part { ABSENT, ANCHOR, ISSUER, REFUSED, ANCHOR_AND_REFUSED };
enum list { NO_LIST, NAMES_IT, DOES_NOT };

static const struct {
    const char *what, *product;
    enum part part;
    enum list list;
    bool fetches, is_list;
    enum hf_need_state state;
    size_t missing;
    bool importable;
    const char *code, *reason;
} rows[] = {
    { "a root among the roots", PRODUCT("root"), ANCHOR, NO_LIST, false, false,
      HF_NEED_PRESENT, 0, false, NULL, "in the store" },
    { "a root among the intermediates", PRODUCT("root"), ISSUER, NO_LIST, false,
      false, HF_NEED_MISPLACED, 1, true, "HF1216",
      "a root among the intermediates" },
    { "a root among the disallowed", PRODUCT("authroot"), REFUSED, NO_LIST,
      false, false, HF_NEED_MISPLACED, 1, false, "HF1216",
      "among the disallowed" },
    { "a root trusted and disallowed is refused", PRODUCT("root"),
      ANCHOR_AND_REFUSED, NO_LIST, false, false, HF_NEED_MISPLACED, 1, false,
      "HF1216", "among the disallowed" },
    { "an intermediate among the roots", PRODUCT("ca"), ANCHOR, NO_LIST, false,
      false, HF_NEED_MISPLACED, 0, false, "HF1206", "among the anchors" },
    { "an intermediate where it belongs", PRODUCT("ca"), ISSUER, NO_LIST, false,
      false, HF_NEED_PRESENT, 0, false, NULL, "in the store" },
    { "a root that comes by itself", PRODUCT("root"), ABSENT, NAMES_IT, true,
      false, HF_NEED_ON_DEMAND, 0, true, "HF1217", "when it is first needed" },
    { "updates off: a root on the list never comes", PRODUCT("root"), ABSENT,
      NAMES_IT, false, false, HF_NEED_MISSING, 1, true, "HF1203",
      "the list of 2020-09-03 that this machine goes by names it" },
    { "a root newer than the machine's list", PRODUCT("root"), ABSENT, DOES_NOT,
      true, false, HF_NEED_MISSING, 1, true, "HF1203",
      "the list of 2020-09-03 that this machine goes by does not name it" },
    { "a list that names it", PRODUCT("root"), ABSENT, NAMES_IT, false, true,
      HF_NEED_PRESENT, 0, false, NULL, "on the list" },
    { "a list that does not", PRODUCT("root"), ABSENT, DOES_NOT, false, true,
      HF_NEED_MISSING, 1, true, "HF1203", "does not name it" },
};

/* A list that names the root asked for, or another one. */
static struct hf_ctl make_list(struct hf_ctl_entry *entry,
                               const struct hf_need *need, bool names_it)
{
    *entry = (struct hf_ctl_entry){ 0 };
    if (names_it)
        memcpy(entry->sha1, need->sha1, sizeof(entry->sha1));
    return (struct hf_ctl){ .this_update_s = INT64_C(1599091200),
                            .entry = entry,
                            .count = 1 };
}

static int judge_row(size_t i, struct setting *s, struct hf_err *err)
{
    HF_AUTO(hf_certs_done) struct hf_certs none = { 0 };
    HF_AUTO(hf_certs_done) struct hf_certs it = { 0 };
    struct hf_ctl_entry entry;
    struct hf_ctl list;
    enum part part = rows[i].part;
    bool anchor = part == ANCHOR || part == ANCHOR_AND_REFUSED;
    bool refused = part == REFUSED || part == ANCHOR_AND_REFUSED;
    struct hf_need_ask ask = {
        .have = anchor ? &it : &none,
        .issuers = part == ISSUER ? &it : &none,
        .refused = refused ? &it : &none,
        .at_s = TODAY,
        .fetches = rows[i].fetches,
        .is_list = rows[i].is_list,
        .purposes_known = true,
    };

    if (hf_product_parse("x", "x", hf_view_text(rows[i].product), &s->product,
                         err) < 0 ||
        add_root(&it, "digicert-global-root-ca", err) < 0)
        return hf_err_code(err);
    list = make_list(&entry, &s->product->need[0], rows[i].list == NAMES_IT);
    ask.ctl = rows[i].list == NO_LIST ? NULL : &list;
    return hf_judge_product(&ask, s->product, &s->verdict, err);
}

static void test_row(size_t i, const struct hf_catalogue *catalogue)
{
    HF_AUTO(setting_done) struct setting s = { 0 };
    HF_AUTO(hf_findings_done) struct hf_findings list;
    struct hf_err err = { 0 };
    int rc = judge_row(i, &s, &err);
    const struct hf_need_verdict *need = rc == 0 ? &s.verdict.need[0] : NULL;
    const char *code;

    hf_findings_init(&list, catalogue);
    if (rc == 0)
        hf_product_verdict_findings(&s.verdict, "hive:SOFTWARE", &list);
    code = list.count > 0 ? list.item[0].kind->code : NULL;
    HF_CHECK(need && need->state == rows[i].state &&
                 s.verdict.missing == rows[i].missing &&
                 hf_need_importable(need) == rows[i].importable &&
                 strstr(need->reason, rows[i].reason),
             "%s: %s", rows[i].what, need ? need->reason : err.frame[0].text);
    HF_CHECK(rows[i].code ? code && strcmp(code, rows[i].code) == 0 : !code,
             "%s: %s", rows[i].what, rows[i].code ? rows[i].code : "no code");
}

int main(void)
{
    HF_AUTO(hf_catalogue_freep) struct hf_catalogue *catalogue = NULL;
    struct hf_err err;

    HF_CHECK(hf_catalogue_load(NULL, &catalogue, &err) == 0, "the catalogue");
    for (size_t i = 0; catalogue && i < HF_COUNT(rows); i++)
        test_row(i, catalogue);
    return hf_test_end();
}
