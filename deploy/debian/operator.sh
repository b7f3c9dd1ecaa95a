# What the operator of check.sh and check-by-hand.sh has and does: a stock Postfix, settings, a port for logins, letters.

# A stock Postfix as its package makes it for an "Internet Site", whatever the one of this machine has become.
stock_postfix() {
    quiet inside 'rm -rf /etc/postfix/*.cf /var/lib/vanthu /etc/vanthu /var/spool/postfix/vanthu
        cd /var/spool/postfix; find active bounce corrupt defer deferred hold incoming maildrop -type f -delete 2>/dev/null || true; cd /root
        printf "%s\n" "postfix postfix/main_mailer_type select Internet Site" "postfix postfix/relayhost string" \
            "postfix postfix/mailname string $(hostname)" "postfix postfix/destinations string $(hostname), localhost" |
            debconf-set-selections
        cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
        make-ssl-cert generate-default-snakeoil --force-overwrite
        dpkg-reconfigure -f noninteractive postfix
        id clerk || useradd --create-home clerk
        systemctl enable --now postfix'
}

# blocks PAGE NUMBER: that block of YAML on the page.
block() { awk -v wanted="$2" '/^```yaml/ {n++; next} /^```/ {on = 0; seen = n} n == wanted && n != seen' "$root/$1"; }

# The four settings that docs/install.md shows, with the values that it shows, and the register that it shows.
settings() {
    for line in $(block docs/install.md 1 | grep -nE '^installation|^register|^  domains|^  socket' | cut -d: -f1); do
        new=$(block docs/install.md 1 | sed -n "${line}p")
        # The first of that name: own.domains stands before government.domains.
        inside "sed -i '0,/^${new%%:*}:.*/s||$new|' /etc/vanthu/vanthu.yaml"
        inside "grep -qxF '$new' /etc/vanthu/vanthu.yaml" || die "settings: $new"
    done
    block docs/install.md 2 | inside 'cat > /etc/vanthu/register.yaml'
}

# Port 587 with logins by Dovecot, as docs/postfix.md says.
submission_port() {
    inside 'cat > /etc/dovecot/dovecot.conf' <<'DOVECOT'
protocols =
ssl = no
auth_mechanisms = plain login
passdb {
  driver = static
  args = password=mat-khau
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
DOVECOT
    quiet inside 'systemctl enable --now dovecot'
    typed inside docs/postfix.md "postconf -e smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth"
    typed inside docs/postfix.md "postconf -Me 'submission/inet=submission inet n - y - - smtpd'"
    typed inside docs/postfix.md \
        "postconf -Pe submission/inet/smtpd_tls_security_level=encrypt submission/inet/smtpd_sasl_auth_enable=yes"
    typed inside docs/postfix.md \
        "postconf -Pe submission/inet/smtpd_recipient_restrictions=permit_sasl_authenticated,reject"
}

# letter SUBJECT [FILE]: see letter.py.
letter() { inside "python3 - $*" < "$here/letter.py"; }
judged() { inside 'vanthu journal tail -n 100000' | grep -c "accept.*clerk@" || true; }
