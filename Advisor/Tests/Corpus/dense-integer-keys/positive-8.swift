private let tones: [Int: Double] = [0: 440.0, 1: 466.16, 2: 493.88, 3: 523.25] // expect: dense-integer-keys

func frequency(_ step: Int) -> Double {
    tones[step] ?? 0
}
