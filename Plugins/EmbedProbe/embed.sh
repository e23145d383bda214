# Usage: embed.sh clang output.swift include-directory source.c ...
set -e
clang=$1 output=$2 include=$3
shift 3
library=${output%.swift}.so
case $(uname -s) in
    Linux)
        "$clang" -shared -fPIC -O2 -fvisibility=hidden -fno-plt -s -I"$include" -o "$library" "$@"
        bytes=$(base64 -w 0 "$library")
        ;;
    *) bytes= ;;
esac
cat > "$output" <<END
/// The library that is preloaded into watched programs, in Base64. Empty where it can't be built.
let probeImage: StaticString = "$bytes"
END
