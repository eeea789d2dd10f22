/* SPDX-License-Identifier: Apache-2.0 */
/* doctor/reach.c - servers that showed no certificate, and why. */
#include "doctor/reach.h"

#include <string.h>

#include "base/utf8.h"

static const struct {
    enum hf_look_end end;
    const char *code;
    const char *summary; /* after the host: "... <summary>" */
    const char *remedy;
} ends[] = {
    { HF_LOOK_NO_NAME, "HF1501", "does not resolve to an address",
      "Check the spelling, the DNS servers in /etc/resolv.conf, and whether "
      "the name exists only inside another network." },
    { HF_LOOK_CLOSED, "HF1502", "refuses connections: the port is closed",
      "Start the service, check its port, or open the port in the firewall "
      "that answers for it." },
    { HF_LOOK_SILENT, "HF1503", "does not answer in time",
      "A firewall drops the packets, the machine is down, or the service "
      "hangs: try from the server itself, then hop by hop." },
    { HF_LOOK_NO_ROUTE, "HF1504", "cannot be reached: there is no route",
      "Check this machine's addresses and routes, and the VPN if the host "
      "lies behind one." },
    { HF_LOOK_PROXY, "HF1505", "is not reached through the proxy",
      "Check the proxy named by https_proxy, its credentials and whether it "
      "allows this host; no_proxy lists hosts to reach directly." },
    { HF_LOOK_NOT_TLS, "HF1406", "answers, but does not speak TLS",
      "Check the port: a plain HTTP, SSH or mail service answers there." },
    { HF_LOOK_CUT, "HF1407", "cuts the connection in the handshake",
      "Look for a firewall or gateway in between that resets what it does not "
      "know; try from another network, and look at the server's log." },
    { HF_LOOK_FAILED, "HF1408", "cannot be spoken with",
      "Look at the server's log for the same moment." },
};

/* TLS alerts that name a cause by themselves. Source: RFC 8446 6.2 */
static const struct {
    int alert;
    const char *code;
    enum hf_certainty certainty;
    const char *summary, *remedy;
} alerts[] = {
    { 70, "HF1401", HF_CERTAIN, "knows none of TLS 1.0 to 1.3",
      "Update the server; what it speaks is no longer safe." },
    { 40, "HF1402", HF_LIKELY,
      "has no cipher suite in common with this machine",
      "Compare the server's suites with those of a current OpenSSL; a server "
      "that wants a client certificate may answer the same." },
    { 71, "HF1402", HF_LIKELY, "finds the offered suites too weak",
      "Compare the server's suites with those of a current OpenSSL." },
    { 80, "HF1408", HF_POSSIBLE, "had an internal error",
      "Look at the server's log for the same moment." },
    { 112, "HF1404", HF_CERTAIN, "does not know the name it was asked for",
      "Connect by a name the server is set up for, or add this one to it." },
    { 116, "HF1405", HF_CERTAIN, "wants a client certificate",
      "An agent needs its own certificate here; the server's could not be "
      "seen." },
    { 120, "HF1409", HF_CERTAIN, "has no application protocol in common",
      "Check which protocols the server offers by ALPN." },
};

static void evidence_of(const struct hf_host *host, struct hf_findings *list)
{
    const struct hf_look_seen *seen = &host->seen;
    struct hf_buf bytes;

    if (seen->detail[0])
        hf_findings_evidence(list, "%s", seen->detail);
    if (seen->proxy[0])
        hf_findings_evidence(list, "through the proxy %s", seen->proxy);
    else if (seen->address[0])
        hf_findings_evidence(list, "address %s", seen->address);
    if (seen->end != HF_LOOK_NOT_TLS || seen->first_len == 0)
        return;
    hf_buf_init(&bytes, 256);
    hf_utf8_safe(&bytes, hf_view(seen->first_bytes, seen->first_len));
    hf_findings_evidence(list, "it began with '%.*s'", (int)bytes.len,
                         (const char *)bytes.ptr);
    hf_buf_done(&bytes);
}

static void find_alert(const struct hf_host *host, struct hf_findings *list)
{
    for (size_t i = 0; i < HF_COUNT(alerts); i++)
        if (alerts[i].alert == host->seen.alert) {
            hf_findings_add(list, alerts[i].code, alerts[i].certainty,
                            host->label);
            hf_findings_summary(list, "%s %s.", host->label, alerts[i].summary);
            hf_findings_evidence(list, "TLS alert %d from the server",
                                 host->seen.alert);
            evidence_of(host, list);
            hf_findings_remedy(list, false, NULL, "%s", alerts[i].remedy);
            return;
        }
    hf_findings_add(list, "HF1408", HF_POSSIBLE, host->label);
    hf_findings_summary(list, "%s ended the handshake with alert %d.",
                        host->label, host->seen.alert);
    evidence_of(host, list);
    hf_findings_remedy(list, false, NULL,
                       "Look at the server's log for the same moment.");
}

void hf_find_reach(const struct hf_host *host, struct hf_findings *list)
{
    if (host->seen.end == HF_LOOK_ALERT) {
        find_alert(host, list);
        return;
    }
    for (size_t i = 0; i < HF_COUNT(ends); i++)
        if (ends[i].end == host->seen.end) {
            hf_findings_add(list, ends[i].code, HF_CERTAIN, host->label);
            hf_findings_summary(list, "%s %s.", host->label, ends[i].summary);
            evidence_of(host, list);
            hf_findings_remedy(list, false, NULL, "%s", ends[i].remedy);
            return;
        }
    hf_findings_add(list, "HF1408", HF_POSSIBLE, host->label);
    hf_findings_summary(list, "%s showed no certificate.", host->label);
    evidence_of(host, list);
}

static void find_crl_fault(const struct hf_host *host, struct hf_findings *list)
{
    if (!host->crl_fault[0])
        return;
    hf_findings_add(list, "HF1317", HF_CERTAIN, host->label);
    hf_findings_summary(list,
                        "Whether the certificate of %s is revoked is not "
                        "known: a revocation list could not be fetched.",
                        host->label);
    hf_findings_evidence(list, "%s", host->crl_fault);
    hf_findings_remedy(list, false, NULL,
                       "Allow plain HTTP (port 80) from this machine to that "
                       "address.");
}

/* Chosen by the server though TLS 1.2 and 1.3 were offered. */
static void find_old_version(const struct hf_host *host,
                             struct hf_findings *list)
{
    const char *version = host->seen.version;

    if (strcmp(version, "TLSv1") != 0 && strcmp(version, "TLSv1.1") != 0)
        return;
    hf_findings_add(list, "HF1410", HF_CERTAIN, host->label);
    hf_findings_summary(list,
                        "%s speaks nothing newer than %s, which current "
                        "programs refuse.",
                        host->label, version);
    hf_findings_evidence(list, "offered TLS 1.0 to 1.3, it chose %s with %s",
                         version, host->seen.cipher);
    hf_findings_remedy(list, false, NULL,
                       "Update the server, or switch TLS 1.2 on there.");
}

void hf_find_after(const struct hf_host *host, struct hf_findings *list)
{
    const struct hf_look_seen *seen = &host->seen;

    find_old_version(host, list);
    find_crl_fault(host, list);

    if (seen->client_cert_asked) {
        hf_findings_add(list, "HF1405", HF_CERTAIN, host->label);
        hf_findings_summary(list,
                            "%s asks for a client certificate; this look had "
                            "none to show.",
                            host->label);
        hf_findings_evidence(list, "it sent a CertificateRequest");
        if (seen->end == HF_LOOK_ALERT)
            hf_findings_evidence(list, "without one it answers with alert %d",
                                 seen->alert);
        hf_findings_remedy(list, false, NULL,
                           "An agent that has its own certificate is not "
                           "affected.");
        return;
    }
    if (seen->end == HF_LOOK_ALERT)
        find_alert(host, list);
    else if (seen->end == HF_LOOK_CUT)
        hf_find_reach(host, list);
}
