/* SPDX-License-Identifier: Apache-2.0 */
/* store/test_certs.h - for unit tests of stores: throwaway certificates.
 *
 * Made for these tests; P-256; dates play no part. TEST_A and TEST_A2 have one
 * subject, so they share a hash. */
#ifndef HF_STORE_TEST_CERTS_H
#define HF_STORE_TEST_CERTS_H

#define TEST_A                                                                 \
    "-----BEGIN CERTIFICATE-----\n"                                            \
    "MIIBgjCCASmgAwIBAgIUCV1g0wTQShQ4wJJDNODSJVlTOfMwCgYIKoZIzj0EAwIw\n"       \
    "FjEUMBIGA1UEAwwLVGVzdCBSb290IEEwIBcNMjYxMTIyMTAyMDA3WhgPMjA3NjEx\n"       \
    "MjExMDIwMDdaMBYxFDASBgNVBAMMC1Rlc3QgUm9vdCBBMFkwEwYHKoZIzj0CAQYI\n"       \
    "KoZIzj0DAQcDQgAEIZ4uEf9vzQAhU1u0YixFS/Dz1LjSD081SAnPG0NhEiOdwqjh\n"       \
    "WLCvQ3dyTR38p6NNoCEUeI/hAjY9fuFtIlia5qNTMFEwHQYDVR0OBBYEFK3b64eN\n"       \
    "kecO05npT1eTvewAftl4MB8GA1UdIwQYMBaAFK3b64eNkecO05npT1eTvewAftl4\n"       \
    "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgVOEPqkioWBLORKUD\n"       \
    "nBRPf5mBRq5pNXMNREUZo1ySD4MCIAtdVi/az3grfE+/QavbSLz6+6k8GdjmEz4D\n"       \
    "45scBFVH\n"                                                               \
    "-----END CERTIFICATE-----\n"

#define TEST_A2                                                                \
    "-----BEGIN CERTIFICATE-----\n"                                            \
    "MIIBgjCCASmgAwIBAgIUOCIRJc42iRGRb0aG9ZSOOv9TV64wCgYIKoZIzj0EAwIw\n"       \
    "FjEUMBIGA1UEAwwLVGVzdCBSb290IEEwIBcNMjYxMTIyMTAyMDA3WhgPMjA3NjEx\n"       \
    "MjExMDIwMDdaMBYxFDASBgNVBAMMC1Rlc3QgUm9vdCBBMFkwEwYHKoZIzj0CAQYI\n"       \
    "KoZIzj0DAQcDQgAEBuErexwLYqnB3ZyxQYQAxOCls1yZYXDo3X7IXrfltkIfUqFA\n"       \
    "yQzJuEicFaHtUA2/47KTeYoku5MKZIh+yq3GH6NTMFEwHQYDVR0OBBYEFM6xwMlw\n"       \
    "6vuk3xF3PEOetz3ZnxNyMB8GA1UdIwQYMBaAFM6xwMlw6vuk3xF3PEOetz3ZnxNy\n"       \
    "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgCmUyt5Y9h++H31xf\n"       \
    "ODz2N5lMqltqijTaT/FpdcBMr6gCIFE4jBQwXxJ/siGUFj1MaVuk7Z3CcA3WFSGH\n"       \
    "IaMnnlie\n"                                                               \
    "-----END CERTIFICATE-----\n"

#define TEST_B                                                                 \
    "-----BEGIN CERTIFICATE-----\n"                                            \
    "MIIBkDCCATegAwIBAgIUXfODb/MyRUO3pm9bHaN6jGLw5+kwCgYIKoZIzj0EAwIw\n"       \
    "HTEbMBkGA1UEAwwSVGVzdCAoUm9vdCkgQiwgTHRkMCAXDTI2MTEyMjEwMjAwN1oY\n"       \
    "DzIwNzYxMTIxMTAyMDA3WjAdMRswGQYDVQQDDBJUZXN0IChSb290KSBCLCBMdGQw\n"       \
    "WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQySs0XfTufLX6r9R5nt/SRNocuWsQ4\n"       \
    "PhjxSaG66lhxd6n5vi/sLicJRCBzAJI0FxzOTUMFD/Ts4tg6kg+h/cT3o1MwUTAd\n"       \
    "BgNVHQ4EFgQUkpNKsGWz+ZqKWPg1rGH2qIb/SZcwHwYDVR0jBBgwFoAUkpNKsGWz\n"       \
    "+ZqKWPg1rGH2qIb/SZcwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBE\n"       \
    "AiByj091/kMbe3qiPOgeYLZHelRyK32aZpPXRiqQ+LOxRQIgeHWeug5OAOsq4mqW\n"       \
    "GksN96U1EepBb74twFLpBoQv44E=\n"                                           \
    "-----END CERTIFICATE-----\n"

#define TEST_C                                                                 \
    "-----BEGIN CERTIFICATE-----\n"                                            \
    "MIIBgzCCASmgAwIBAgIUBtOO8fhymniG8hf+MMAumPLoAGwwCgYIKoZIzj0EAwIw\n"       \
    "FjEUMBIGA1UEAwwLVGVzdCBSb290IEMwIBcNMjYxMTIyMTAyMDA3WhgPMjA3NjEx\n"       \
    "MjExMDIwMDdaMBYxFDASBgNVBAMMC1Rlc3QgUm9vdCBDMFkwEwYHKoZIzj0CAQYI\n"       \
    "KoZIzj0DAQcDQgAE23zmKrr9sh+LdXYww0P0SDvPMKVY1xdb1uj7RajI0UKAW65S\n"       \
    "+LnD3JhE2VH2i0ZXTprKrq/0I8ZAe9dZf3XFbaNTMFEwHQYDVR0OBBYEFEo0xdf2\n"       \
    "GnDhBaG5HbdOvhzC8BkCMB8GA1UdIwQYMBaAFEo0xdf2GnDhBaG5HbdOvhzC8BkC\n"       \
    "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhANlHlkTSPKc9qNjX\n"       \
    "08/mNlOqUC6Ythp7i1pG8AWYKi1eAiA/TqoeXVdbLfQgeICvxMrELykxajqZRKGC\n"       \
    "bE3yFAfVPw==\n"                                                           \
    "-----END CERTIFICATE-----\n"

#define TEST_D                                                                 \
    "-----BEGIN CERTIFICATE-----\n"                                            \
    "MIIBgzCCASmgAwIBAgIUBAd+OcW7ORsOOyOn+FAD7tGCavkwCgYIKoZIzj0EAwIw\n"       \
    "FjEUMBIGA1UEAwwLVGVzdCBSb290IEQwIBcNMjYxMTIyMTAyMDA3WhgPMjA3NjEx\n"       \
    "MjExMDIwMDdaMBYxFDASBgNVBAMMC1Rlc3QgUm9vdCBEMFkwEwYHKoZIzj0CAQYI\n"       \
    "KoZIzj0DAQcDQgAEd7y+JM6BJwudS3ujA9Z/CBR0zbTGR75GBexcz6LZUwUMUgBz\n"       \
    "T5N66ozwiuG45fSALsmqo1fk6szKOErbWU0cE6NTMFEwHQYDVR0OBBYEFNLinqnk\n"       \
    "XBe7bhUoHkzEAb57L5v0MB8GA1UdIwQYMBaAFNLinqnkXBe7bhUoHkzEAb57L5v0\n"       \
    "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAOLQ4UvVyve6OM7H\n"       \
    "pclZ92KNuP3KW29u8OXk5OFDTJKEAiBByOt9L1LC159i6Su2dPfrb9bJlt1hXWKW\n"       \
    "m/WK3Ua8Uw==\n"                                                           \
    "-----END CERTIFICATE-----\n"

#endif
