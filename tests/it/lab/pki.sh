# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The lab's authorities and certificates, made with the openssl command. All
# files stand in the current folder: NAME.pem, NAME.key.

now_s=$EPOCHSECONDS

# The openssl command's date, so many days from now.
day() { # DAYS
    local text
    TZ=UTC printf -v text '%(%Y%m%d%H%M%SZ)T' $((now_s + $1 * 86400))
    echo "$text"
}

pki_begin() {
    mkdir -p db
    : >index
    cat >ca.cnf <<'CNF'
[ca]
default_ca = lab
[lab]
database = index
new_certs_dir = db
rand_serial = yes
unique_subject = no
default_md = sha256
default_crl_days = 30
policy = any
email_in_dn = no
[any]
organizationName = optional
commonName = optional
CNF
    new_key leaf ec
    new_key rsa2048 rsa:2048
    new_key rsa1024 rsa:1024
}

new_key() { # NAME ec|rsa:BITS
    local curve=()
    [ "$2" != ec ] || curve=(-pkeyopt ec_paramgen_curve:P-256)
    openssl req -new -newkey "$2" "${curve[@]}" -nodes -keyout "$1.key" \
        -out "$1.csr" -subj /CN=any 2>>pki.log
}

# A certificate for KEY's request; further words are lines of its extensions.
sign() { # NAME ISSUER KEY SUBJECT FROM-DAY TO-DAY DIGEST EXTENSION...
    local name=$1 by=(-cert "$2.pem" -keyfile "$2.key") key=$3
    local words=(-subj "$4" -startdate "$(day "$5")" -enddate "$(day "$6")"
        -md "$7")
    [ "$2" != "$1" ] || by=(-selfsign -keyfile "$1.key")
    shift 7
    printf '%s\n' '[v3]' "$@" >"$name.ext"
    openssl ca -config ca.cnf -batch -notext "${by[@]}" -in "$key.csr" \
        "${words[@]}" -extfile "$name.ext" -extensions v3 -out "$name.pem" \
        2>>pki.log || {
        echo "Bail out! the certificate '$name' could not be made"
        tail -n 20 pki.log | sed 's/^/# /'
        exit 1
    }
}

# An authority. OPTION: from=DAYS to=DAYS basic=TEXT more=LINE key=NAME
authority() { # NAME SUBJECT ISSUER OPTION...
    local name=$1 subject=$2 issuer=$3 from=-900 to=3650 more=
    local basic=critical,CA:TRUE key=$1
    shift 3
    [ $# = 0 ] || local "$@"
    if [ "$key" = "$name" ]; then
        new_key "$name" ec
    else
        ln -s "$key.key" "$name.key"
    fi
    sign "$name" "$issuer" "$key" "$subject" "$from" "$to" sha256 \
        "basicConstraints=$basic" keyUsage=critical,keyCertSign,cRLSign \
        subjectKeyIdentifier=hash authorityKeyIdentifier=keyid "$more"
}

# A server's certificate, and in NAME.chain what the server sends.
# OPTION: name=DNS san=LIST from=DAYS to=DAYS eku=LIST key=NAME md=DIGEST
# more=LINE send="NAME..." (authorities sent with it; the issuer)
leaf() { # NAME ISSUER OPTION...
    local name=$1 issuer=$2 from=-30 to=335 eku=serverAuth key=leaf md=sha256
    local more='' send=$2 host=$1.lab.test san=DNS:$1.lab.test
    shift 2
    [ $# = 0 ] || local "$@"
    sign "$name" "$issuer" "$key" "/CN=$host" "$from" "$to" "$md" \
        basicConstraints=critical,CA:FALSE \
        keyUsage=critical,digitalSignature "extendedKeyUsage=$eku" \
        subjectKeyIdentifier=hash authorityKeyIdentifier=keyid \
        "${san:+subjectAltName=$san}" "$more"
    [ -e "$name.key" ] || ln -s "$key.key" "$name.key"
    local files=("$name.pem")
    for authority in $send; do
        files+=("$authority.pem")
    done
    cat "${files[@]}" >"$name.chain"
}

roots() {
    local house="/O=Lab Trust Services" corp="/O=Corp"
    authority root "$house/CN=Lab Root R1" root
    authority issuing "$house/CN=Lab Issuing CA" root
    authority aia-ca "/O=Lab Aia/CN=Lab Aia CA" root
    authority house-ca "$house/CN=Lab Issuing CA 7" root
    authority other-ca "/O=Elsewhere/CN=Elsewhere CA" root
    authority ended "$house/CN=Lab Issuing CA 2" root to=-40
    authority nocert "$house/CN=Lab Server 9" root basic=critical,CA:FALSE
    authority short "$house/CN=Lab Short CA" root \
        basic=critical,CA:TRUE,pathlen:0
    authority below "$house/CN=Lab Below CA" short
    authority narrow "$house/CN=Lab Narrow CA" root \
        'more=nameConstraints=critical,permitted;DNS:narrow.example'
    authority taken "$house/CN=Lab Taken CA" root \
        more=crlDistributionPoints=URI:http://pki.lab.test/root.crl
    authority old "$house/CN=Lab Root R0" old to=-40
    authority weak-ca "$house/CN=Lab Weak CA" root key=rsa1024
    # another key under the name of a trusted issuer
    authority namesake-ca "$house/CN=Lab Root R1" namesake-ca
    # a root that a product's file brings, and no store holds
    authority missing "/O=Lab Product/CN=Lab Product Root" missing
    authority missing-sub "/O=Lab Product/CN=Lab Product CA 3" missing
    # a private root that nobody knows
    authority corp "$corp/CN=Corp Top" corp
    authority corp-sub "$corp/CN=Corp Servers" corp
    # inspectors: one is trusted by the machine, one is not
    authority forti "/O=Fortinet/CN=FortiGate CA" forti
    authority zscaler "/O=Zscaler Inc./CN=Zscaler Root CA" zscaler
    authority zscaler-sub \
        "/O=Zscaler Inc./CN=Zscaler Intermediate Root CA (zscaler.net)" zscaler
    # an inspector without a name
    authority gateway "/O=Acme Works/CN=Acme Web Access" gateway
    openssl x509 -in aia-ca.pem -outform DER -out www/aia.der
}

leaves() {
    local crl=crlDistributionPoints=URI:http://pki.lab.test/issuing.crl
    local aia='authorityInfoAccess=caIssuers;URI:http://pki.lab.test/aia.der'
    leaf healthy issuing
    leaf with-root issuing send='issuing root'
    leaf with-crl issuing more="$crl"
    leaf rsa issuing key=rsa2048
    leaf client-cert issuing
    leaf wildcard issuing san=DNS:*.lab.test
    leaf address issuing san=IP:127.0.3.1,IP:::1
    leaf behind issuing host=behind.test san=DNS:behind.test
    leaf root-missing missing-sub
    leaf root-missing-sent missing-sub send='missing-sub missing'
    leaf aia aia-ca send= more="$aia"
    leaf house house-ca send=
    leaf other other-ca send=
    leaf other-full other-ca
    leaf expired issuing from=-400 to=-35
    leaf expired-issuer ended
    leaf not-yet-valid issuing from=30 to=300
    leaf name-mismatch issuing san=DNS:elsewhere.lab.test
    leaf untrusted corp-sub
    leaf untrusted-sent corp-sub send='corp-sub corp'
    leaf weak-key issuing key=rsa1024
    leaf weak-signature issuing md=sha1
    leaf wrong-usage issuing eku=clientAuth
    leaf no-san issuing san=
    leaf not-a-ca nocert
    leaf path-length below send='below short'
    leaf name-constraint narrow
    leaf revoked issuing more="$crl"
    leaf inspected forti
    leaf inspected-alone forti send=
    leaf inspected-trusted zscaler-sub
    leaf agent forti host=agent.bypass.test san=DNS:agent.bypass.test
    leaf expired-named issuing from=-400 to=-35 san=DNS:elsewhere.lab.test
    leaf expired-untrusted corp-sub from=-400 to=-35
    leaf gateway-1 gateway from=0 san=DNS:mail.lab-one.com
    leaf gateway-2 gateway from=0 san=DNS:www.lab-two.net
    more_leaves
    openssl req -x509 -key leaf.key -days 300 -subj /CN=self-signed.lab.test \
        -addext subjectAltName=DNS:self-signed.lab.test -out self-signed.pem
    cp self-signed.pem self-signed.chain
    ln -s leaf.key self-signed.key
}

# More than one thing, or something odd that is no fault.
more_leaves() {
    local aia='authorityInfoAccess=caIssuers;URI:http://pki.lab.test/missing.der'
    local crl=crlDistributionPoints=URI:http://pki.lab.test
    leaf disordered issuing send='root other-ca issuing'
    leaf wrong-issuer issuing send=other-ca
    leaf both-missing missing-sub send= more="$aia"
    leaf root-missing-expired missing-sub from=-400 to=-35
    leaf untrusted-named corp-sub san=DNS:elsewhere.lab.test
    leaf inspected-expired forti from=-400 to=-35
    leaf no-crl issuing more="$crl/nowhere.crl"
    leaf revoked-issuer taken
    leaf weak-issuer weak-ca
    leaf weak-expired issuing key=rsa1024 from=-400 to=-35
    leaf root-ended old
    leaf two-levels issuing san=DNS:*.lab.test host=a.b.lab.test
    leaf mail issuing eku=emailProtection
    leaf strange issuing more='1.2.3.4.5=critical,ASN1:NULL'
    leaf namesake namesake-ca
    openssl x509 -in missing-sub.pem -outform DER -out www/missing.der
}

revocations() {
    local name of tool=(-config ca.cnf -batch)
    for name in revoked:issuing taken:root; do
        of=${name#*:} name=${name%:*}
        openssl ca "${tool[@]}" -cert "$of.pem" -keyfile "$of.key" \
            -revoke "$name.pem" -crl_reason keyCompromise 2>>pki.log
        openssl ca "${tool[@]}" -cert "$of.pem" -keyfile "$of.key" -gencrl \
            -out "$of.crl" 2>>pki.log
        openssl crl -in "$of.crl" -outform DER -out "www/$of.crl"
    done
}
