"""What a sale sets in motion on this computer: pop-ups and the bell."""
