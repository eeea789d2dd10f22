/* SPDX-License-Identifier: Apache-2.0 */
/* store/java.h - inside store/: where a JDK keeps its keystores. */
#ifndef HF_STORE_JAVA_H
#define HF_STORE_JAVA_H

/* Below a JDK's or JRE's own folder, the one Java takes first before the
 * others; ended by NULL. Source: JSSE Reference Guide, "The Default
 * TrustManagerFactory"; up to JDK 8 a JDK has a JRE inside. */
extern const char *const hf_java_keystores[];

#endif
