"""Pools of common names; people are random pairs, so nobody in Merrowdale is anybody."""

from __future__ import annotations

import random
from collections.abc import Iterator

GIVEN = """
Abigail Adaeze Adam Aisha Alan Alexandra Alice Alina Amelia Amina Amir Andrew Angela Anika Anna
Anthony Arjun Ayesha Barbara Beatrice Ben Bethany Bilal Bronwen Caitlin Callum Carol Catherine
Charlotte Chidi Chloe Christopher Claire Clive Craig Daisy Daniel David Deborah Deepa Denise Diana
Dominic Donna Dylan Ebony Edward Eleanor Elena Eli Elizabeth Ella Emily Emma Erin Esther Ethan Eva
Ewan Faith Farah Fatima Fiona Frances Gabriel Gemma George Georgia Grace Graham Hannah Harpreet
Harriet Harry Hazel Heather Helen Ibrahim Imani Imran Ines Ioana Isaac Isabel Isla Jack Jacob Jade
James Jamila Jane Janet Jasmine Jenna Jennifer Joanna Joanne Jodie John Jonathan Joseph Joshua Joy
Judith Julia Kamal Karen Karolina Kate Katherine Kelly Kemi Kerry Kieran Kiran Kwame Laila Laura
Lauren Leah Leanne Leila Liam Lindsay Lisa Lorraine Louise Lucy Luke Lynne Mandy Marcus Margaret
Maria Marta Martin Mary Matthew Maya Megan Mei Melissa Meena Michael Michelle Miriam Mohammed
Molly Monika Mohan Nadine Naomi Natalie Natasha Nathan Neha Nicola Nia Nisha Noor Olivia Omar Owen
Pamela Patricia Patrick Paul Pauline Peter Philip Philippa Pooja Rachel Rahul Rebecca Rhian Rhys
Robert Roisin Rosa Rose Rosemary Ruby Ryan Sabrina Sally Samantha Samuel Sandra Sanjay Sarah Sean
Shabana Shanice Sharon Shirley Simon Sofia Sonia Sophie Stella Stephen Stuart Sunita Susan Suzanne
Tamsin Tara Teresa Thomas Tina Toby Tracey Uzma Vanessa Victoria Wendy William Winston Yasmin
Yusuf Yvonne Zainab Zara Zoe
""".split()  # noqa: SIM905 - a list would be six times as long

FAMILY = """
Abbott Abdi Acheampong Adams Adeyemi Ahmed Akhtar Alder Ali Allsop Amoah Anderson Andrews Appiah
Archer Ashdown Asante Ashworth Atkins Bailey Baker Banerjee Barker Barnes Barrett Bates Beckett
Begum Bell Bennett Bhatt Bishop Blackwood Boateng Bond Booth Bradley Brennan Briggs Brook Brown
Bryant Burgess Burns Butler Byrne Campbell Carr Carter Chambers Chan Chapman Chaudhry Chen Clarke
Coates Cole Coleman Collins Connolly Cook Cooper Costa Cox Crawford Cross Cunningham Curtis Dale
Daly Das Davies Dawson Dean Desai Dixon Doherty Douglas Doyle Duffy Duncan Dunn Edwards Eke
Elliott Ellis Emery Evans Farrell Fenwick Fisher Fletcher Flynn Ford Foster Fox Francis Fraser
Freeman Gallagher Gardner Garside Gibson Gilbert Gill Goddard Gordon Graham Grant Gray Green
Greenwood Griffiths Gupta Hall Hamilton Harding Hargreaves Harper Harris Hart Harvey Hassan
Hawkins Hayes Henderson Hewitt Hill Hodge Holland Holt Hopkins Howard Howell Hudson Hughes Hunt
Hussain Hutton Ibrahim Iqbal Jackson James Jarvis Jenkins Jennings John Johnson Jones Joshi Kaur
Kavanagh Kay Kelly Kennedy Khan King Kirk Knight Kowalski Kumar Lamb Lambert Lane Lawrence Lawson
Lee Lewis Lim Lloyd Long Lowe Lucas Lynch Macdonald Mahmood Malik Mann Marsh Marshall Martin Mason
Matthews May Mcbride Mccarthy Mendes Mensah Metcalfe Miah Middleton Miller Mills Mistry Mitchell
Moore Morgan Morris Morton Murphy Murray Nair Nash Naylor Nelson Newton Nguyen Nicholls Noble
Norris Nowak Obi Okafor Okoro Oliver Onyango Osborne Owens Page Palmer Parker Parry Parsons Patel
Payne Pearson Perera Perry Phillips Pollard Poole Popescu Porter Potter Powell Price Quinn Qureshi
Rahman Rai Read Reid Reilly Reynolds Rhodes Richards Riley Roberts Robinson Rogers Rose Rowe
Russell Ryan Saleh Sanders Santos Saunders Scott Shah Sharma Sharp Shaw Shepherd Siddiqui Simpson
Singh Skinner Slater Smith Spencer Stevens Stewart Stone Sullivan Sutton Swift Sykes Tang Taylor
Thapa Thomas Thompson Thornton Todd Tomlinson Tran Tucker Turner Underwood Vaughan Vieira Wade
Walker Wallace Walsh Walters Ward Warren Waters Watkins Watson Watts Webb Webster Wells West
Wheeler White Whitehead Wilkinson Williams Wilson Winter Wong Wood Woods Wright Wyatt Yates Yeboah
Young Yusuf Zaman
""".split()  # noqa: SIM905 - a list would be six times as long


def invented(rng: random.Random, taken: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield endless (given name, family name, mailbox); `taken` mailboxes are not given twice."""
    while True:
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        mailbox = base = f"{given}.{family}".lower()
        number = 2
        while mailbox in taken:
            mailbox = f"{base}{number}"
            number += 1
        taken.add(mailbox)
        yield given, family, mailbox
