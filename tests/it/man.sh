#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The manual pages say what the option tables say: every command has its page,
# every row stands in the part about its command, and no page names an option
# that no table has.
set -uo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
shown=("$work/wrong")

# The heads of the lists of a page: part, option, letter, argument. A part is
# what the last .Sh or .Ss says.
heads() { # PAGE
    awk '
    /^\.S[hs] / { part = substr($0, 5); next }
    /^\.It / && / (Fl|Ar) / || /^\.It (Fl|Ar) / {
        option = letter = argument = ""
        for (i = 2; i < NF; i++) {
            if ($i == "Fl" && $(i + 1) ~ /^-./)
                option = "-" $(i + 1)
            else if ($i == "Fl")
                letter = "-" $(i + 1)
            else if ($i == "Ar") {
                argument = $(i + 1)
                for (i += 2; i <= NF; i++)
                    argument = argument " " $i
            }
        }
        print part "\t" option "\t" letter "\t" argument
    }' "$1"
}

# What is wrong with the page of some commands, a line each.
# sizes: the two tables are compared in both directions
compare() { # PAGE TABLE
    heads "$1" | awk -F '\t' -v page="${1##*/}" '
    # the part about a command, or the one about all commands of the page
    function about(part, command) {
        return part == command || part == "OPTIONS"
    }
    function said(r) {
        return r ~ /^\t\t/ ? "an argument " substr(r, 3) : r
    }
    FNR == NR {
        if (FNR > 1) {
            command[$1]
            table[$1 "\t" $2 "\t" $3 "\t" $4]
        }
        next
    }
    { head[$0]; part[$1] }
    END {
        for (h in head) {
            split(h, f, "\t")
            r = "\t" f[2] "\t" f[3] "\t" f[4]
            for (c in command)
                if (about(f[1], c)) {
                    used[h]
                    if (!(c r in table))
                        print page ": " f[1] ": not in the table of " c ":" r
                }
            if (!(h in used) && f[2] f[3] != "")
                print page ": " f[1] ": an option outside of any command:" r
        }
        for (t in table) {
            split(t, f, "\t")
            r = "\t" f[2] "\t" f[3] "\t" f[4]
            if (!(f[1] r in head) && !("OPTIONS" r in head))
                print page ": " f[1] ": missing:" r
        }
    }' "$2" -
}

# Options that a page speaks of and that no command has.
strangers() { # PAGE
    grep -oE '\bFl [^ ,.]+' "$1" | sed 's/^Fl /-/' | sort -u |
        grep -vxF -f <({
            cut -f 2,3 "$work/table" | tr '\t' '\n' | grep .
            echo --version
        }) | sed "s|^|${1##*/}: no command has |"
}

# The commands of one page, as a table with its heading.
table_of() { # FIRST-WORD
    head -n 1 "$work/table"
    awk -F '\t' -v word="$1" '{ split($1, w, " ") } NR > 1 && w[1] == word' \
        "$work/table"
}

# All that is wrong with the pages in a folder.
wrong_with() { # FOLDER
    while read -r word; do
        if [ ! -f "$1/holdfast-$word.1" ]; then
            echo "no page for $word"
            continue
        fi
        table_of "$word" >"$work/part"
        compare "$1/holdfast-$word.1" "$work/part"
    done <"$work/words"
    for page in "$1"/*.[1-8]; do
        strangers "$page"
    done
}

# A copy of the pages with one change must be found fault with.
finds() { # TITLE PAGE SED-SCRIPT TEXT
    local good=no
    rm -rf "$work/copy"
    cp -R "$HF_SOURCE/man" "$work/copy"
    if [ -n "$3" ]; then
        sed -i "$3" "$work/copy/$2"
        cmp -s "$HF_SOURCE/man/$2" "$work/copy/$2" &&
            echo "the change changes nothing" >"$work/wrong"
    else
        rm "$work/copy/$2"
    fi
    wrong_with "$work/copy" >"$work/wrong"
    ! grep -qF -- "$4" "$work/wrong" || good=yes
    row "$good" "finds $1"
}

"$HOLDFAST" completion table >"$work/table"
# "  roots check             is every ..." below "commands" in the help
"$HOLDFAST" --help | sed -n '/^commands$/,/^$/s/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p' \
    >"$work/commands"
tail -n +2 "$work/table" | cut -f 1 | sort -u >"$work/wrong.all"
sort -u "$work/commands" | diff - "$work/wrong.all" >"$work/wrong"
[ -s "$work/commands" ] && [ ! -s "$work/wrong" ] && good=yes || good=no
row "$good" "the help and the table name the same commands"
cut -d ' ' -f 1 "$work/commands" | sort -u >"$work/words"

while read -r command; do
    # shellcheck disable=SC2086 # a command may be two words
    "$HOLDFAST" $command --help | sed -n "s/.* \$/$command: &/p"
done <"$work/commands" >"$work/wrong"
[ -s "$work/wrong" ] && good=no || good=yes
row "$good" "no line of the help ends in a blank"

wrong_with "$HF_SOURCE/man" >"$work/wrong"
[ -s "$work/wrong" ] && good=no || good=yes
row "$good" "the pages say what the tables say"

# Each page is found by the others and is installed.
for page in "$HF_SOURCE"/man/*.[1-8]; do
    name=${page##*/}
    grep -qF "'$name'" "$HF_SOURCE/man/meson.build" ||
        echo "$name is not installed"
    [ "$name" = holdfast.1 ] ||
        grep -qF ".Xr ${name%.*} ${name##*.}" "$HF_SOURCE/man/holdfast.1" ||
        echo "holdfast.1 does not name $name"
done >"$work/wrong"
[ -s "$work/wrong" ] && good=no || good=yes
row "$good" "every page is installed, and named in holdfast.1"

if command -v mandoc >/dev/null; then
    mandoc -Tlint -W warning "$HF_SOURCE"/man/*.[1-8] >"$work/wrong" 2>&1
    [ -s "$work/wrong" ] && good=no || good=yes
    row "$good" "mandoc finds nothing"
else
    row yes "mandoc finds nothing # SKIP mandoc is not installed"
fi

# Commands in the documents are commands of the program.
# shellcheck disable=SC2016 # those are the characters meant
grep -ohE '(^|[`$#(] ?)(build/)?holdfast [a-z][^`|>)]*' "$HF_SOURCE"/*.md \
    "$HF_SOURCE"/docs/*.md | sed 's/^[`$#( ]*//' | sort -u >"$work/lines"
while read -r _ first second rest; do
    case " $first $second $rest " in
    *' ... '*) continue ;;
    esac
    path=$first
    grep -qx "$first $second" "$work/commands" && path="$first $second"
    grep -qxF -- "$path" "$work/commands" || {
        echo "there is no command: holdfast $first $second"
        continue
    }
    for word in $second $rest; do
        [[ $word == --?* ]] || continue
        awk -F '\t' -v c="$path" -v o="${word%%=*}" \
            '$1 == c && $2 == o { found = 1 } END { exit !found }' \
            "$work/table" || echo "holdfast $path has no option $word"
    done
done <"$work/lines" >"$work/wrong"
[ -s "$work/lines" ] && [ ! -s "$work/wrong" ] && good=yes || good=no
row "$good" "commands and options in the documents exist"

finds "an option that is gone from a page" holdfast-roots.1 \
    '/^\.It Fl -log-dir/d' 'roots fix: missing:'
finds "an option in the wrong command's part" holdfast-roots.1 \
    '/^\.Ss roots undo/a .It Fl -log-dir Ns = Ns Ar DIR' \
    'roots undo: not in the table of roots undo'
finds "an option that no table has" holdfast-doctor.1 \
    '/^\.It Fl -fix/i .It Fl -gremlins' 'not in the table of doctor'
finds "another argument" holdfast-doctor.1 \
    's/^\(\.It Fl -hosts Ns = Ns Ar\) FILE/\1 DIR/' '--hosts'
finds "a letter that is wrong" holdfast-doctor.1 \
    's/^\.It Fl t , /.It Fl x , /' '--timeout'
finds "an argument that is gone" holdfast-explain.1 \
    '/^\.It Ar CODE/d' 'explain: missing:'
finds "an option in a sentence" holdfast.1 \
    's/^\.Fl -store$/.Fl -shop/' 'no command has --shop'
finds "a page that is gone" holdfast-explain.1 '' 'no page for explain'

end_rows
