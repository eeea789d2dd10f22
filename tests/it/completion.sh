#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The completion scripts load, and complete, in bash, zsh and fish: first
# words, second words, options, products, stores, files.
set -uo pipefail

work=$(mktemp -d)
export work # the zsh below reads it
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/tap.sh
source "$HF_SOURCE/tests/tap.sh"
shown=("$work/got")

# The answers in "got": each of the words is one, none of those after "!" is.
answers() { # TITLE WORD... [! WORD...]
    local title=$1 good=yes wanted=yes is
    shift
    for word in "$@"; do
        if [ "$word" = '!' ]; then
            wanted=no
            continue
        fi
        grep -qxF -- "$word" "$work/got" && is=yes || is=no
        [ "$is" = "$wanted" ] || good=no
    done
    row "$good" "$title"
}

# What has to be there for the three shells: the program by its name, files.
mkdir -p "$work/bin" "$work/here/folder"
ln -s "$HOLDFAST" "$work/bin/holdfast"
export PATH=$work/bin:$PATH HOME=$work
touch "$work/here/roots.pem" "$work/here/roots.txt" "$work/here/two words.pem"
cd "$work/here" || exit 3
for shell in bash zsh fish; do
    holdfast completion "$shell" >"$work/$shell"
done

# --- bash --------------------------------------------------------------------

# What bash would offer after the pieces that readline makes of a line.
cat >"$work/ask.bash" <<'EOF'
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
"$(complete -p holdfast | sed 's/.*-F \([^ ]*\) .*/\1/')"
printf '%s\n' "${COMPREPLY[@]}"
EOF

in_bash() { # PIECE...
    bash --norc "$work/ask.bash" "$work/bash" "$@" >"$work/got" 2>&1
}

bash -n "$work/bash" >"$work/got" 2>&1 && good=yes || good=no
row "$good" "bash: the script is one"
shellcheck -s bash "$work/bash" >"$work/got" 2>&1 && good=yes || good=no
if command -v shellcheck >/dev/null; then
    row "$good" "bash: shellcheck finds nothing"
else
    skip "bash: shellcheck finds nothing" "no shellcheck"
fi
in_bash holdfast ''
answers "bash: first words" doctor roots product explain completion help ! list
in_bash holdfast ro
answers "bash: a first word begun" roots ! doctor
in_bash holdfast roots ''
answers "bash: second words" list find check fix add remove undo audit diff \
    export sync share ! show
in_bash holdfast help roots ''
answers "bash: second words after help" list check ! show
in_bash holdfast roots fix --
answers "bash: options" --dry-run --store= --log-dir= --json ! --hosts= --fix
in_bash holdfast roots fix --dr
answers "bash: an option begun" --dry-run ! --store=
in_bash holdfast roots check cy
answers "bash: products" cylance ! qualys cy
in_bash holdfast roots check --json A1 qua
answers "bash: products after others" qualys ! cylance
in_bash holdfast doctor --color ''
answers "bash: a word of a list" auto always never ! cylance
in_bash holdfast doctor --color = ''
answers "bash: a word of a list after =" auto always never ! cylance
in_bash holdfast doctor --color = al
answers "bash: the same, begun" always ! auto never --color=always
in_bash holdfast doctor --color =
answers "bash: the same, with nothing after =" auto always never
in_bash holdfast doctor --color=ne
answers "bash: the same, where = does not cut words" --color=never ! never
in_bash holdfast completion ''
answers "bash: words that are a list" bash zsh fish table
in_bash holdfast roots list --store ''
answers "bash: stores" system pem: nss: nss:builtin hive: ctl: ! roots.pem
in_bash holdfast roots list -s sy
answers "bash: stores after a letter" system ! pem:
in_bash holdfast roots list --store = pem : ''
answers "bash: files of a store after = and :" roots.pem folder ! pem:roots.pem
in_bash holdfast roots list --store = pem : roots
answers "bash: the same, begun" roots.pem roots.txt ! folder
in_bash holdfast roots list --store=pem:roots
answers "bash: the same, uncut" --store=pem:roots.pem ! roots.pem
in_bash holdfast roots list ''
answers "bash: stores without an option" system keychain: ! roots.pem cylance
in_bash holdfast roots diff system hive : roots
answers "bash: files of another store" roots.pem roots.txt ! folder system
in_bash holdfast roots list -s nss : b
answers "bash: a store that is no file" builtin ! nss:builtin roots.pem
in_bash holdfast roots list --root = ''
answers "bash: folders" folder ! roots.pem
in_bash holdfast roots add ''
answers "bash: files" roots.pem 'two words.pem' folder
in_bash holdfast roots add two\\
answers "bash: a file with a blank" 'two words.pem'
in_bash holdfast doctor --at ''
answers "bash: nothing where nothing is known" ! cylance roots.pem auto
in_bash holdfast explain ''
answers "bash: codes and causes, no files" HF1203 root-missing ! roots.pem
in_bash holdfast explain root-m
answers "bash: a cause begun" root-missing root-misplaced ! HF1203

# Every option of every command is offered.
holdfast completion table | tail -n +2 >"$work/table"
cut -f 1 "$work/table" | sort -u | while read -r command; do
    # shellcheck disable=SC2086 # a command may be two words
    in_bash holdfast $command --
    tr -d '=' <"$work/got" | sort >"$work/offered"
    awk -F '\t' -v c="$command" '$1 == c && $2 != "" { print $2 }' \
        "$work/table" | sort | diff - "$work/offered" | sed "s/^/$command: /"
done >"$work/wrong"
cp "$work/wrong" "$work/got"
[ -s "$work/table" ] && [ ! -s "$work/wrong" ] && good=yes || good=no
row "$good" "bash: every option of every command, and no other"

# --- fish --------------------------------------------------------------------

in_fish() { # LINE
    # shellcheck disable=SC2016 # fish reads it
    fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
        "$work/fish" "$1" 2>&1 | cut -f 1 >"$work/got"
}

fish_rows() {
    fish --no-config -c "source $work/fish" >"$work/got" 2>&1 &&
        [ ! -s "$work/got" ] && good=yes || good=no
    row "$good" "fish: the script loads"
    in_fish 'holdfast '
    answers "fish: first words" doctor roots product explain completion help \
        ! list roots.pem
    in_fish 'holdfast roots '
    answers "fish: second words" list find check fix add remove undo audit \
        diff export sync share ! show doctor
    in_fish 'holdfast product '
    answers "fish: of another first word" list show lint ! find
    in_fish 'holdfast roots fix --'
    answers "fish: options" --dry-run --store --log-dir --json ! --hosts --fix
    in_fish 'holdfast roots fix -'
    answers "fish: letters" -n -s
    in_fish 'holdfast roots check cy'
    answers "fish: products" cylance ! qualys
    in_fish 'holdfast roots check --json A1 '
    answers "fish: products after others" cylance qualys ! list check roots.pem
    in_fish 'holdfast doctor --color='
    answers "fish: a word of a list" --color=always --color=never
    in_fish 'holdfast doctor --color '
    answers "fish: the same after a blank" always never ! cylance
    in_fish 'holdfast roots list --store='
    answers "fish: stores" --store=system --store=pem:
    in_fish 'holdfast roots list --store=pem:roo'
    answers "fish: files of a store" --store=pem:roots.pem
    in_fish 'holdfast roots diff system hive:roo'
    answers "fish: files of another store" hive:roots.pem hive:roots.txt
    in_fish 'holdfast roots list --store=nss:b'
    answers "fish: a store that is no file" --store=nss:builtin
    in_fish 'holdfast roots list --root='
    answers "fish: folders" --root=folder/ ! --root=roots.pem
    in_fish 'holdfast roots add '
    answers "fish: files" roots.pem folder/
    in_fish 'holdfast completion '
    answers "fish: words that are a list" bash zsh fish
    in_fish 'holdfast explain '
    answers "fish: codes and causes, no files" HF1203 root-missing ! roots.pem
}

if command -v fish >/dev/null; then
    fish_rows
else
    skip "fish" "fish is not installed"
fi

# --- zsh ---------------------------------------------------------------------

# A zsh on a terminal of its own; each line is typed with a Tab behind it, and
# what compadd was told is printed.
cat >"$work/ask.zsh" <<'EOF'
zmodload zsh/zpty
typeset text
zpty shell zsh -f -i
wait_for() { # MARK
    local all= text
    while [[ $all != *$1* ]]; do
        zpty -r shell text || break
        all+=$text
    done
    print -r -- "$all"
}
zpty -w shell "PS1= PS2=; unsetopt zle_bracketed_paste 2>/dev/null"
zpty -w shell "autoload -Uz compinit && compinit -u -D -d $work/dump"
zpty -w shell "source $work/zsh"
zpty -w shell 'compadd() {
    local -a found
    builtin compadd -O found "$@"
    print -rl -- $found >>'$work'/found
    builtin compadd "$@"
}'
zpty -w shell 'answer() {
    : >'$work'/found
    LBUFFER=$line
    zle complete-word
    zle kill-buffer
    print -r done >>'$work'/found
}
zle -N answer; bindkey "^T" answer; print REA"DY"'
wait_for READY >/dev/null
while IFS= read -r line; do
    rm -f $work/found
    zpty -w shell "line=${(q)line}"
    zpty -w -n shell $'\x14'
    for ((i = 0; i < 200; i++)); do
        [[ -e $work/found && $(tail -n 1 $work/found) == done ]] && break
        sleep 0.05
        zpty -rt shell text
    done
    print -r -- "> $line"
    cat $work/found
done
zpty -d shell
EOF

# The answers to one of the lines typed.
of_zsh() { # LINE
    awk -v line="> $1" '$0 == line { on = 1; next } /^> / { on = 0 } on' \
        "$work/zsh.out" | sed 's/\\\(.\)/\1/g' >"$work/got"
}

zsh_rows() {
    zsh -n "$work/zsh" >"$work/got" 2>&1 && good=yes || good=no
    row "$good" "zsh: the script is one"
    printf '%s\n' 'holdfast ' 'holdfast roots ' 'holdfast roots fix --' \
        'holdfast roots check cy' 'holdfast doctor --color=' \
        'holdfast roots list --store=' 'holdfast roots list -s pem:roo' \
        'holdfast roots diff system hive:roo' 'holdfast roots list -s nss:b' \
        'holdfast roots add ' 'holdfast completion ' 'holdfast explain HF12' |
        timeout 60 zsh -f "$work/ask.zsh" >"$work/zsh.out" \
            2>"$work/zsh.err"
    of_zsh 'holdfast '
    answers "zsh: first words" doctor roots product explain completion ! list
    of_zsh 'holdfast roots '
    answers "zsh: second words" list find check fix add remove undo audit \
        diff export sync share ! show
    of_zsh 'holdfast roots fix --'
    answers "zsh: options" --dry-run --store --log-dir --json ! --hosts --fix
    of_zsh 'holdfast roots check cy'
    answers "zsh: products" cylance ! qualys
    of_zsh 'holdfast doctor --color='
    answers "zsh: a word of a list" always never auto
    of_zsh 'holdfast roots list --store='
    answers "zsh: stores" system pem:
    of_zsh 'holdfast roots list -s pem:roo'
    answers "zsh: files of a store" roots.pem roots.txt
    of_zsh 'holdfast roots diff system hive:roo'
    answers "zsh: files of another store" roots.pem roots.txt
    of_zsh 'holdfast roots list -s nss:b'
    answers "zsh: a store that is no file" nss:builtin
    of_zsh 'holdfast roots add '
    answers "zsh: files" roots.pem
    of_zsh 'holdfast completion '
    answers "zsh: words that are a list" bash zsh fish
    of_zsh 'holdfast explain HF12'
    answers "zsh: codes" HF1201 HF1203 ! HF1301 roots.pem
}

if command -v zsh >/dev/null; then
    zsh_rows
else
    skip "zsh" "zsh is not installed"
fi

holdfast completion tcsh >"$work/got" 2>&1
[ $? = 2 ] && good=yes || good=no
row "$good" "another shell is a usage error"

end_rows
