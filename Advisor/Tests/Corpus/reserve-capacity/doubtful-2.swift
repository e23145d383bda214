// A key that is made from parts: a few kinds, as it happens.
func paths(_ outputs: [Portion: [String]]) -> [Key: Set<String>] {
    var paths = [Key: Set<String>]()
    for (portion, names) in outputs {
        paths[Key(platform: portion.platform, variant: portion.variant)] = Set(names) // expect: reserve-capacity
    }
    return paths
}
