func color(for level: String) -> Int {
    switch level {
    case "debug": 90
    case "info": 32
    default: 0
    }
}
