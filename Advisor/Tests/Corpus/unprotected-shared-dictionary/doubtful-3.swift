// Only the module itself comes here, and how isn't in sight.
var alphanumericsMemo = Set<UInt32>() // expect: unprotected-shared-dictionary

func isAlphanumeric(_ scalar: UInt32) -> Bool {
    if alphanumericsMemo.contains(scalar) { return true }
    guard check(scalar) else { return false }
    alphanumericsMemo.insert(scalar)
    return true
}
